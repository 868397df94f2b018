import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { lanes } from '../api/types.ts'
import { useSpeech } from '../strings/language.tsx'
import { changeDraft, type Draft } from './draft.ts'
import type { EncodingWish } from './measure.ts'

const wishes: EncodingWish[] = ['auto', 'gsm7', 'ucs2']

/** What most messages leave alone. */
export function Options({ draft }: { draft: Draft }) {
  const { t } = useSpeech()
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
      <NativeSelect
        label={t.compose.lane}
        description={t.compose.laneHint}
        inputWrapperOrder={['label', 'input', 'description']}
        data={lanes.map((lane) => ({ value: lane, label: t.lanes[lane] }))}
        value={draft.lane}
        onChange={(event) => changeDraft({ lane: event.currentTarget.value as Draft['lane'] })}
      />
      <TextInput
        label={t.compose.sender}
        description={t.compose.senderHint}
        inputWrapperOrder={['label', 'input', 'description']}
        value={draft.from}
        autoComplete="off"
        onChange={(event) => changeDraft({ from: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label={t.compose.sendAt}
        description={t.compose.sendAtHint}
        inputWrapperOrder={['label', 'input', 'description']}
        value={draft.sendAt}
        onChange={(event) => changeDraft({ sendAt: event.currentTarget.value })}
      />
      <NativeSelect
        label={t.compose.encoding}
        data={wishes.map((wish) => ({ value: wish, label: t.compose.encodings[wish] }))}
        value={draft.encoding}
        onChange={(event) => changeDraft({ encoding: event.currentTarget.value as EncodingWish })}
      />
    </SimpleGrid>
  )
}
