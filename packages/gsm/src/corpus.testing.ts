/**
 * Messages as people send them, written for this package: the usual errands in many languages, and texts that a careless
 * cut would damage. `language` is BCP 47, or says what is odd. Encoding and segments are what a reference gave that
 * shares nothing with the package (reference.testing.ts), read over by eye.
 */
export interface CorpusText {
  readonly language: string
  readonly text: string
  readonly encoding: 'gsm7' | 'ucs2'
  readonly segments: number
}

const rows: ReadonlyArray<
  readonly [language: string, encoding: 'gsm7' | 'ucs2', segments: number, text: string]
> = [
  [
    'de',
    'gsm7',
    1,
    'Ihr Paket liegt bis Samstag, 18 Uhr, in der Filiale am Marktplatz. Bitte bringen Sie einen Ausweis mit. Grüße aus Köln!',
  ],
  [
    'de',
    'gsm7',
    2,
    'Unwetterwarnung für den Landkreis: schwere Sturmböen ab 16 Uhr. Bleiben Sie im Haus, schließen Sie Fenster und Türen und meiden Sie Wälder und Parks. Nächste Meldung um 18 Uhr.',
  ],
  [
    'de',
    'ucs2',
    3,
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft lädt zur Jahreshauptversammlung – Einlass ab 19:30 Uhr.',
  ],
  [
    'en',
    'gsm7',
    1,
    'Your table for four is booked at 7:30 pm on Friday. Reply C to cancel or call us if you are running late.',
  ],
  ['en', 'ucs2', 1, 'Don’t forget: we’re moving to our new shop on Monday…'],
  [
    'en',
    'gsm7',
    2,
    'Reminder: your appointment with Dr Patel is tomorrow at 09:15. Please arrive ten minutes early, bring your insurance card and a list of your current medicines, and reply YES to confirm or NO to choose another time.',
  ],
  ['fr', 'ucs2', 2, 'Votre commande est prête. Vous pouvez la retirer dès demain à 10 h à notre boutique.'],
  ['fr', 'ucs2', 2, 'Ça y est, votre garçon a bien été inscrit à l’école maternelle. À très bientôt !'],
  ['es', 'gsm7', 1, 'Mañana no hay clase por la tarde. ¿Puede usted venir a recoger al niño a las dos?'],
  [
    'es',
    'ucs2',
    2,
    'Su pedido llegará el miércoles. Si no está en casa, lo dejaremos en la recepción del edificio más próximo.',
  ],
  ['pt', 'ucs2', 2, 'A sua encomenda não pôde ser entregue. Escolha uma nova data até amanhã à noite.'],
  [
    'it',
    'gsm7',
    1,
    'La lavatrice è pronta: può ritirarla da lunedì a venerdì, perché sabato il negozio è chiuso.',
  ],
  ['ca', 'ucs2', 2, 'El vostre paquet arribarà dilluns al col·legi. Gràcies per la paciència!'],
  [
    'nl',
    'gsm7',
    1,
    'Uw fiets is gerepareerd en staat klaar. De kosten zijn € 45,50. Tot ziens in de winkel!',
  ],
  [
    'pl',
    'ucs2',
    2,
    'Pańska przesyłka czeka w paczkomacie. Proszę ją odebrać w ciągu dwóch dni, później wróci do nadawcy.',
  ],
  [
    'cs',
    'ucs2',
    2,
    'Vaše zásilka je připravena k vyzvednutí na poště. Nezapomeňte si prosím vzít občanský průkaz.',
  ],
  ['sk', 'ucs2', 2, 'Zajtra ráno bude v celej obci prerušená dodávka vody. Ďakujeme za pochopenie.'],
  [
    'hu',
    'ucs2',
    2,
    'A csomagja megérkezett, holnap délelőtt kilenc és tizenkét óra között visszük ki Önhöz.',
  ],
  ['ro', 'ucs2', 2, 'Comanda dumneavoastră a fost expediată și va ajunge mâine dimineață. Vă mulțumim!'],
  [
    'tr',
    'ucs2',
    2,
    'Siparişiniz yola çıktı. Kuryemiz bugün öğleden sonra size ulaşacaktır. İyi günler dileriz.',
  ],
  ['az', 'ucs2', 1, 'Sifarişiniz hazırdır, onu sabah saat ondan etibarən götürə bilərsiniz.'],
  ['sv', 'gsm7', 1, 'Din tid hos tandläkaren är på måndag klockan åtta. Svara NEJ om du inte kan komma.'],
  [
    'da',
    'gsm7',
    1,
    'Din pakke er klar på posthuset. Husk at tage dit pas eller kørekort med, når du henter den.',
  ],
  ['nb', 'gsm7', 1, 'Bilen din er ferdig på verkstedet. Du kan hente den når som helst før klokka fem.'],
  ['is', 'ucs2', 1, 'Pöntunin þín er tilbúin. Þú getur sótt hana í verslunina á morgun.'],
  ['fi', 'gsm7', 1, 'Tilauksesi on valmis noudettavaksi. Myymälä on avoinna tänään iltayhdeksään asti.'],
  ['et', 'ucs2', 1, 'Teie tellimus jõuab kohale homme õhtul. Palun oodake kulleri kõnet.'],
  ['lv', 'ucs2', 1, 'Jūsu sūtījums ir saņemts un būs pieejams rīt no pulksten deviņiem.'],
  ['lt', 'ucs2', 1, 'Jūsų siuntinys jau paštomate. Atsiimkite jį per tris dienas, ačiū!'],
  ['hr', 'ucs2', 2, 'Vaša narudžba kreće danas poslijepodne. Dostavljač će vas nazvati pola sata ranije.'],
  ['sl', 'ucs2', 1, 'Vaš paket čaka na pošti. Prevzamete ga lahko do petka.'],
  ['sr', 'ucs2', 1, 'Ваша пошиљка је спремна. Можете је преузети сваког дана осим недеље.'],
  ['bg', 'ucs2', 2, 'Вашата поръчка пристигна в офиса. Моля, вземете я до петък включително.'],
  ['mk', 'ucs2', 1, 'Вашиот пакет е во пошта. Ќе ве чекаме до крајот на неделата.'],
  [
    'ru',
    'ucs2',
    2,
    'Ваш заказ уже в пути. Курьер позвонит вам за полчаса до доставки, пожалуйста, не выключайте телефон.',
  ],
  [
    'uk',
    'ucs2',
    2,
    'Ваше замовлення чекає у відділенні. Заберіть його, будь ласка, до п’ятниці, щоб воно не повернулося.',
  ],
  ['el', 'ucs2', 2, 'Το δέμα σας έφτασε στο κατάστημα. Μπορείτε να το παραλάβετε μέχρι την Παρασκευή.'],
  ['el', 'ucs2', 1, 'ΤΟ ΔΕΜΑ ΣΑΣ ΕΦΤΑΣΕ'],
  ['ar', 'ucs2', 1, 'طلبك في الطريق إليك. سيتصل بك المندوب قبل الوصول بنصف ساعة.'],
  ['fa', 'ucs2', 1, 'سفارش شما آماده است و فردا صبح به دست شما می\u200cرسد.'],
  ['he', 'ucs2', 1, 'ההזמנה שלך מוכנה. אפשר לאסוף אותה בחנות עד יום חמישי בערב.'],
  ['ur', 'ucs2', 1, 'آپ کا پارسل کل صبح پہنچ جائے گا۔ براہ کرم گھر پر رہیں۔'],
  ['hi', 'ucs2', 2, 'आपका पार्सल कल सुबह पहुँच जाएगा। कृपया घर पर रहें और अपना फ़ोन चालू रखें।'],
  ['bn', 'ucs2', 1, 'আপনার পার্সেল আগামীকাল সকালে পৌঁছাবে। দয়া করে বাড়িতে থাকুন।'],
  ['ta', 'ucs2', 1, 'உங்கள் பொருள் நாளை காலை வந்து சேரும். தயவுசெய்து வீட்டில் இருங்கள்.'],
  ['te', 'ucs2', 1, 'మీ పార్సెల్ రేపు ఉదయం వస్తుంది. దయచేసి ఇంట్లో ఉండండి.'],
  ['th', 'ucs2', 1, 'พัสดุของคุณจะถึงพรุ่งนี้เช้า กรุณารอรับที่บ้านและเปิดโทรศัพท์ไว้'],
  ['vi', 'ucs2', 2, 'Đơn hàng của bạn sẽ được giao vào sáng mai. Vui lòng giữ điện thoại bên mình.'],
  ['id', 'gsm7', 1, 'Pesanan Anda sedang dalam perjalanan dan akan tiba besok pagi. Terima kasih!'],
  ['sw', 'gsm7', 1, 'Mzigo wako utafika kesho asubuhi. Tafadhali weka simu yako wazi.'],
  ['zh', 'ucs2', 1, '您的包裹将于明天上午送达，请保持电话畅通。'],
  ['ja', 'ucs2', 1, 'ご注文の商品は明日の午前中にお届けします。お電話に出られるようにお願いいたします。'],
  ['ko', 'ucs2', 1, '주문하신 상품이 내일 오전에 도착합니다. 전화를 받아 주시기 바랍니다.'],
  ['ka', 'ucs2', 1, 'თქვენი ამანათი ხვალ დილით მოვა.'],
  ['hy', 'ucs2', 1, 'Ձեր ծանրոցը կժամանի վաղը առավոտյան։'],
  ['am', 'ucs2', 1, 'ጥቅልዎ ነገ ጠዋት ይደርሳል።'],
  ['emoji', 'ucs2', 1, 'Happy birthday 🎂🎉 see you at eight'],
  ['emoji', 'ucs2', 2, '👩‍👩‍👧‍👦👨‍👩‍👧‍👦👩‍👩‍👧‍👦👨‍👩‍👧‍👦👩‍👩‍👧‍👦👨‍👩‍👧‍👦👩‍👩‍👧‍👦'],
  ['emoji', 'ucs2', 2, '🇩🇪🇫🇷🇵🇱🇺🇦🇬🇷🇯🇵🇧🇷🇿🇦🇨🇦🇳🇿🇩🇪🇫🇷🇵🇱🇺🇦🇬🇷🇯🇵🇧🇷🇿🇦'],
  ['emoji', 'ucs2', 1, '👍🏽👋🏿🤝🏻 thanks to all of you 👏🏾'],
  ['emoji', 'ucs2', 1, '1️⃣ call 2️⃣ reply 3️⃣ done #️⃣*️⃣'],
  ['emoji', 'ucs2', 2, '🏴󠁧󠁢󠁳󠁣󠁴󠁿🏴󠁧󠁢󠁷󠁬󠁳󠁿🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁳󠁣󠁴󠁿🏴󠁧󠁢󠁷󠁬󠁳󠁿 and back'],
  ['emoji', 'ucs2', 1, '❤️‍🔥 ☎️ ✔️ ☎︎ ❤︎ 👁️‍🗨️'],
  ['marks', 'ucs2', 1, 'Z\u0301a\u0328z\u0307o\u0301l\u0301c\u0301 ge\u0328s\u0301la\u0328'],
  ['marks', 'ucs2', 1, 'q\u0307\u0323 a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308 o\u0308'],
  ['mixed', 'ucs2', 1, 'שלום world مرحبا \u200fabc\u200e 123'],
  ['mixed', 'gsm7', 1, 'Prices: £5, $6, ¥700, €8 [a|b] {c} ^d ~e \\f'],
  ['mixed', 'gsm7', 2, '€'.repeat(81)],
  ['mixed', 'gsm7', 3, `${'a'.repeat(152)}€${'a'.repeat(152)}`],
  ['mixed', 'ucs2', 3, '😀'.repeat(67)],
  ['mixed', 'ucs2', 2, '𠮷野家で𩸽を食べる'.repeat(8)],
  ['mixed', 'gsm7', 1, 'Line one\nLine two\r\nLine three'],
]

export const corpus: readonly CorpusText[] = rows.map(([language, encoding, segments, text]) => ({
  language,
  text,
  encoding,
  segments,
}))
