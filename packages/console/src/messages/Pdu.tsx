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
        <h3>{t.detail.decoded}</h3>
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
        <h3>{t.detail.hex}</h3>
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

/** One row a field; a TLV goes by its name, or by its tag where it has none. */
function fieldsOf(decoded: unknown): [string, string][] {
  if (decoded === null || typeof decoded !== 'object') return []
  const { tlvs, ...fields } = decoded as Record<string, unknown> & { tlvs?: Tlv[] }
  return [
    ...Object.entries(fields).map(([name, value]): [string, string] => [name, shown(value)]),
    ...(tlvs ?? []).map(({ tag, name, value }): [string, string] => [name ?? tag, shown(value)]),
  ]
}

interface Tlv {
  tag: string
  name: string | null
  value: unknown
}

function shown(value: unknown): string {
  if (value === '' || value === null || value === undefined) return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
