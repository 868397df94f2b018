import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { topicsQuery } from '../api/consent.ts'
import { type Attribute, attributesQuery, listsQuery } from '../api/contacts.ts'
import { IconAdd, IconRemove } from '../icons.ts'
import { useSpeech } from '../strings/language.tsx'
import css from './People.module.css'
import {
  dayKinds,
  fieldKinds,
  type GroupDraft,
  isGroup,
  type LeafDraft,
  newGroup,
  newLeaf,
  notYet,
  opsOf,
  otherKinds,
  type PartDraft,
  replaced,
  typeOf,
} from './tree.ts'

/** As deep as the builder goes; the API goes deeper. */
const deepest = 3

interface BuilderProps {
  draft: GroupDraft
  onChange: (draft: GroupDraft) => void
}

/** Conditions in groups, each part in words. */
export function Builder({ draft, onChange }: BuilderProps) {
  const put = (key: number, part: PartDraft | undefined) => onChange(replaced(draft, key, part))
  return <Group group={draft} depth={1} put={put} />
}

type Put = (key: number, part: PartDraft | undefined) => void

function Group({ group, depth, put }: { group: GroupDraft; depth: number; put: Put }) {
  const { t } = useSpeech()
  const words = t.people.segments
  const add = (part: PartDraft) => put(group.key, { ...group, parts: [...group.parts, part] })
  return (
    <fieldset className={css.group}>
      <legend className={css.faint}>{words.groups[group.group]}</legend>
      <div className={css.leaf}>
        <NativeSelect
          size="sm"
          label={words.group}
          value={group.group}
          onChange={(event) =>
            put(group.key, { ...group, group: event.currentTarget.value as GroupDraft['group'] })
          }
          data={(['all', 'any', 'none'] as const).map((value) => ({ value, label: words.groups[value] }))}
        />
        {depth > 1 && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={words.removeGroup}
            onClick={() => put(group.key, undefined)}
          >
            <IconRemove size={17} />
          </ActionIcon>
        )}
      </div>
      {group.parts.map((part) =>
        isGroup(part) ? (
          <Group key={part.key} group={part} depth={depth + 1} put={put} />
        ) : (
          <Leaf key={part.key} leaf={part} put={put} />
        ),
      )}
      <div className={css.act}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconAdd size={15} />}
          onClick={() => add(newLeaf())}
        >
          {words.addCondition}
        </Button>
        {depth < deepest && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconAdd size={15} />}
            onClick={() => add(newGroup('any'))}
          >
            {words.addGroup}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function Leaf({ leaf, put }: { leaf: LeafDraft; put: Put }) {
  const { t } = useSpeech()
  const words = t.people.segments
  const { data: attributes = [] } = useQuery(attributesQuery)
  const change = (more: Partial<LeafDraft>) => put(leaf.key, { ...leaf, ...more })
  const kinds = [
    ...otherKinds.slice(0, 4).map((value) => ({ value: value as string, label: words.kinds[value] })),
    ...attributes.map(({ key, label }) => ({ value: `attribute:${key}`, label })),
    ...fieldKinds.map((value) => ({ value: value as string, label: words.kinds[value] })),
    ...otherKinds
      .slice(4)
      .filter((value) => value === leaf.kind || !notYet.includes(value))
      .map((value) => ({ value: value as string, label: words.kinds[value] })),
  ]
  return (
    <div className={css.leaf}>
      <NativeSelect
        size="sm"
        label={words.what}
        value={leaf.kind}
        onChange={(event) => put(leaf.key, { ...newLeaf(event.currentTarget.value), key: leaf.key })}
        data={kinds}
      />
      <Value leaf={leaf} attributes={attributes} change={change} />
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={words.removeCondition}
        onClick={() => put(leaf.key, undefined)}
      >
        <IconRemove size={17} />
      </ActionIcon>
    </div>
  )
}

interface ValueProps {
  leaf: LeafDraft
  attributes: readonly Attribute[]
  change: (more: Partial<LeafDraft>) => void
}

function Value({ leaf, attributes, change }: ValueProps) {
  const { t } = useSpeech()
  const words = t.people.segments
  const { kind, op, value, more } = leaf
  const { data: lists = [] } = useQuery(listsQuery)
  const { data: topics = [] } = useQuery({ ...topicsQuery, enabled: kind === 'consent' })
  const typed = (label: string, type = 'text') => (
    <TextInput
      size="sm"
      label={label}
      type={type}
      autoComplete="off"
      value={value}
      onChange={(event) => change({ value: event.currentTarget.value })}
    />
  )
  const select = (
    label: string,
    data: { value: string; label: string }[],
    now: string,
    put: (value: string) => void,
  ) => (
    <NativeSelect
      size="sm"
      label={label}
      data={data}
      value={now}
      onChange={(event) => put(event.currentTarget.value)}
    />
  )
  const entries = <K extends string>(of: Record<K, string>) =>
    Object.entries<string>(of).map(([value, label]) => ({ value, label }))
  if (kind === 'tag') return typed(words.value)
  if ((dayKinds as readonly string[]).includes(kind)) return typed(words.days)
  if (kind === 'list')
    return select(
      words.kinds.list,
      [{ value: '', label: '' }, ...lists.map(({ id, name }) => ({ value: id, label: name }))],
      value,
      (next) => change({ value: next }),
    )
  if (kind === 'reachable')
    return select(words.how, entries(words.channels), value || 'sms', (next) => change({ value: next }))
  if (kind === 'consent')
    return (
      <>
        {select(words.how, entries(words.consents), value || 'granted', (next) => change({ value: next }))}
        {select(
          t.people.audiences.topic,
          [
            { value: '', label: words.anyTopic },
            ...topics.map(({ id, name }) => ({ value: id, label: name })),
          ],
          more,
          (next) => change({ more: next }),
        )}
      </>
    )
  if (kind === 'radius')
    return (
      <>
        {typed(words.km)}
        <TextInput
          size="sm"
          label={words.postcode}
          autoComplete="off"
          value={more}
          onChange={(event) => change({ more: event.currentTarget.value })}
        />
      </>
    )
  const type = typeOf(kind, attributes)
  const choices = attributes.find(({ key }) => `attribute:${key}` === kind)?.choices ?? []
  const ops = opsOf[type]!.map((value) => ({ value, label: words.ops[value as keyof typeof words.ops] }))
  const bare = op === 'known' || op === 'unknown'
  const days = op === 'last_days' || op === 'next_days'
  return (
    <>
      {select(words.how, ops, op, (next) => change({ op: next }))}
      {!bare &&
        type === 'boolean' &&
        select(
          words.value,
          [
            { value: 'true', label: words.yes },
            { value: 'false', label: words.no },
          ],
          value || 'true',
          (next) => change({ value: next }),
        )}
      {!bare &&
        type === 'choice' &&
        select(
          words.value,
          [{ value: '', label: '' }, ...choices.map((choice) => ({ value: choice, label: choice }))],
          value,
          (next) => change({ value: next }),
        )}
      {!bare &&
        type !== 'boolean' &&
        type !== 'choice' &&
        typed(days ? words.days : words.value, type === 'date' && !days ? 'date' : 'text')}
    </>
  )
}
