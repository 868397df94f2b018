/** What the hosted pages say, in the Sie-form. {name} is the account, {topic} a topic. */
const en = {
  language: 'Language',
  other: 'Deutsch',
  problemTitle: 'There is a problem',
  problemPrefix: 'Problem: ',
  title: 'Texts from {name}',
  number: 'Your mobile number',
  numberHint: 'For example {example}',
  topics: 'What would you like to get?',
  agree: 'Yes, I want texts from {name} about {topic}. I can end this at any time.',
  legal:
    'We first send you one text that asks you to confirm. Nothing else comes before you do. You can end it at any time by STOP or on your preferences page. Your network may charge you for texts that you send.',
  privacy: 'Privacy',
  submit: 'Sign up',
  trap: 'Leave this empty',
  noNumber: 'Enter your mobile number, such as {example}',
  badNumber: 'This is not a mobile number that we can send to',
  badCountry: 'Numbers of this country cannot sign up here',
  noTopic: 'Choose at least one',
  stale: 'The page was open for too long. Please send it once more',
  throttled: 'Too many tries. Please wait for an hour',
  failed: 'We could not send the text. Please try again later',
  checkTitle: 'Look at your phone',
  checkReply: 'We have sent you a text. Answer it with YES, or enter the code from it here.',
  checkCode: 'We have sent you a text. Enter the code from it here.',
  code: 'Code of six digits',
  confirm: 'Confirm',
  answered: 'I have answered the text',
  waiting: 'Your answer has not arrived yet. Texts may take a minute.',
  again: 'No text? Check the number and sign up again',
  badCode: 'This is not the code that we sent',
  ended: 'This sign-up has ended. Please start again',
  doneTitle: 'You are signed up',
  done: 'Thank you. {name} will text you from now on. End it at any time by STOP, or on your preferences page.',
  goneTitle: 'There is nothing here',
  gone: 'The address is wrong, or the form was taken away.',
  foreignTitle: 'Please send the form from this page',
  foreign: 'It came from another website, so nothing was changed.',
  managing: 'Already signed up? See or change what you get',
  manageTitle: 'Your preferences',
  manage: 'Enter your number. If it is known here, we send you a text with a link to your preferences.',
  send: 'Send link',
  sentTitle: 'Look at your phone',
  sent: 'If the number is known here, a text with your link is on its way.',
  back: 'To the sign-up',
  linkGoneTitle: 'This link is no longer valid',
  linkGone:
    'Links work for a limited time. Ask for a new one on the page where you signed up, or answer STOP to any text to end all of them.',
  yours: 'Your texts from {name}',
  forNumber: 'For the number {number}',
  getting: 'You get this',
  notGetting: 'You do not get this',
  mandatory: 'You always get this: it is for your safety',
  leave: 'Unsubscribe from “{topic}”',
  join: 'Subscribe to “{topic}”',
  leaveAll: 'Unsubscribe from everything',
  none: 'There is nothing that you could get at the moment.',
  left: 'You no longer get “{topic}”.',
  joined: 'You now get “{topic}”.',
  leftAll: 'You are unsubscribed from everything.',
}

export type PageStrings = Readonly<Record<keyof typeof en, string>>

const de: PageStrings = {
  language: 'Sprache',
  other: 'English',
  problemTitle: 'Da stimmt etwas nicht',
  problemPrefix: 'Fehler: ',
  title: 'SMS von {name}',
  number: 'Ihre Handynummer',
  numberHint: 'Zum Beispiel {example}',
  topics: 'Was möchten Sie erhalten?',
  agree: 'Ja, ich möchte SMS von {name} zu {topic} erhalten. Das kann ich jederzeit beenden.',
  legal:
    'Zuerst schicken wir Ihnen eine SMS mit der Bitte um Bestätigung. Bevor Sie bestätigen, kommt nichts weiter. Sie können es jederzeit beenden, mit STOP oder auf Ihrer Einstellungsseite. Für SMS, die Sie senden, kann Ihr Anbieter Geld verlangen.',
  privacy: 'Datenschutz',
  submit: 'Anmelden',
  trap: 'Dieses Feld leer lassen',
  noNumber: 'Geben Sie Ihre Handynummer ein, etwa {example}',
  badNumber: 'Das ist keine Handynummer, an die wir senden können',
  badCountry: 'Nummern dieses Landes können sich hier nicht anmelden',
  noTopic: 'Wählen Sie mindestens eines aus',
  stale: 'Die Seite war zu lange offen. Bitte senden Sie sie noch einmal ab',
  throttled: 'Zu viele Versuche. Bitte warten Sie eine Stunde',
  failed: 'Wir konnten die SMS nicht senden. Bitte versuchen Sie es später noch einmal',
  checkTitle: 'Schauen Sie auf Ihr Handy',
  checkReply:
    'Wir haben Ihnen eine SMS geschickt. Antworten Sie darauf mit JA, oder geben Sie hier den Code daraus ein.',
  checkCode: 'Wir haben Ihnen eine SMS geschickt. Geben Sie hier den Code daraus ein.',
  code: 'Code mit sechs Ziffern',
  confirm: 'Bestätigen',
  answered: 'Ich habe auf die SMS geantwortet',
  waiting: 'Ihre Antwort ist noch nicht da. Eine SMS kann eine Minute brauchen.',
  again: 'Keine SMS? Prüfen Sie die Nummer und melden Sie sich noch einmal an',
  badCode: 'Das ist nicht der Code, den wir geschickt haben',
  ended: 'Diese Anmeldung ist abgelaufen. Bitte beginnen Sie noch einmal',
  doneTitle: 'Sie sind angemeldet',
  done: 'Vielen Dank. {name} schreibt Ihnen ab jetzt per SMS. Sie können es jederzeit beenden, mit STOP oder auf Ihrer Einstellungsseite.',
  goneTitle: 'Hier ist nichts',
  gone: 'Die Adresse stimmt nicht, oder das Formular gibt es nicht mehr.',
  foreignTitle: 'Bitte senden Sie das Formular von dieser Seite ab',
  foreign: 'Es kam von einer fremden Seite, deshalb wurde nichts geändert.',
  managing: 'Schon angemeldet? Sehen und ändern Sie, was Sie erhalten',
  manageTitle: 'Ihre Einstellungen',
  manage:
    'Geben Sie Ihre Nummer ein. Wenn sie hier bekannt ist, schicken wir Ihnen eine SMS mit einem Link zu Ihren Einstellungen.',
  send: 'Link schicken',
  sentTitle: 'Schauen Sie auf Ihr Handy',
  sent: 'Wenn die Nummer hier bekannt ist, ist eine SMS mit Ihrem Link unterwegs.',
  back: 'Zur Anmeldung',
  linkGoneTitle: 'Dieser Link gilt nicht mehr',
  linkGone:
    'Links gelten nur eine Zeit lang. Fordern Sie auf der Anmeldeseite einen neuen an, oder antworten Sie auf eine SMS mit STOP, um alle zu beenden.',
  yours: 'Ihre SMS von {name}',
  forNumber: 'Für die Nummer {number}',
  getting: 'Sie erhalten das',
  notGetting: 'Sie erhalten das nicht',
  mandatory: 'Sie erhalten das immer: Es dient Ihrer Sicherheit',
  leave: '„{topic}“ abbestellen',
  join: '„{topic}“ abonnieren',
  leaveAll: 'Alles abbestellen',
  none: 'Zurzeit gibt es nichts, was Sie erhalten könnten.',
  left: 'Sie erhalten „{topic}“ nicht mehr.',
  joined: 'Sie erhalten jetzt „{topic}“.',
  leftAll: 'Sie haben alles abbestellt.',
}

export const pageStrings = { en, de } as const
export type PageLanguage = keyof typeof pageStrings

export const say = (text: string, facts: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, fact: string) => facts[fact] ?? '')

/** The language that was chosen; else the first of the browser's that we speak; else `fallback`. */
export function pageLanguage(
  chosen: string | undefined,
  accepted: string | undefined,
  fallback: PageLanguage,
): PageLanguage {
  if (chosen === 'en' || chosen === 'de') return chosen
  const wanted = (accepted ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';')
      const quality = parameters.find((each) => each.trim().startsWith('q='))
      return { base: tag.split('-')[0]!, quality: quality ? Number(quality.trim().slice(2)) || 0 : 1 }
    })
    .filter(({ base, quality }) => quality > 0 && (base === 'de' || base === 'en'))
    .sort((a, b) => b.quality - a.quality)
  return (wanted[0]?.base as PageLanguage | undefined) ?? fallback
}
