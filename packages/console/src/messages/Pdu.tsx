import { useMediaQuery } from '@mantine/hooks'
import { hexLines } from '../format/hex.ts'
import { CodeBlock } from '../show/CodeBlock.tsx'
import { useSpeech } from '../strings/language.tsx'
import css from './Pdu.module.css'

/** A PDU for people: its fields, and its bytes. The field names are those of the SMPP specification. */
export function Pdu({ hex, decoded }: { hex: string; decoded: unknown }) {
  const { t } = useSpeech()
  const narrow = useMediaQuery('(max-width: 36em)', undefined, { getInitialValueInEffect: false })
  return (
    <div className={css.pdu}>
      <div>
        <h4>{t.detail.decoded}</h4>
        <dl className={css.fields}>
          {fieldsOf(decoded).map(([name, value]) => (
            <div key={name} className={css.field}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <div style={{ minWidth: 0 }}>
        <h4>{t.detail.hex}</h4>
        <CodeBlock label={t.detail.hexLabel} bare>
          {hexLines(hex, narrow ? 8 : 16).map(({ offset, bytes, ascii }) => (
            <div key={offset}>
              <span className={css.offset}>{offset}</span>
              {`  ${bytes}  `}
              <span className={css.ascii}>{ascii}</span>
            </div>
          ))}
        </CodeBlock>
      </div>
    </div>
  )
}

/** Nested objects and lists become one row a leaf: `tlvs.0.name`. Empty ones are left out. */
function fieldsOf(value: unknown, path = ''): [string, string][] {
  if (value === null || typeof value !== 'object') return [[path, shown(value)]]
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(inner, path ? `${path}.${name}` : name))
}

const shown = (value: unknown): string => (value === '' ? '""' : String(value))
