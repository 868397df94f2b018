import css from './Share.module.css'

/** How much of a limit is used: a bar for the eye, the numbers for the rest. Without a limit there is no bar. */
export function Share({ used, of, text }: { used: number; of: number | null; text: string }) {
  const part = of ? Math.min(1, used / of) : 0
  return (
    <span className={css.share}>
      <span className="number">{text}</span>
      {of !== null && of > 0 && (
        <span className={css.track} aria-hidden>
          <span
            className={css.fill}
            style={{ width: `${part * 100}%` }}
            data-full={part >= 0.97 || undefined}
          />
        </span>
      )}
    </span>
  )
}
