/**
 * One script to the letters of GSM-7: `from:to`, lower case, upper case follows. `^х` is x at the start of a word,
 * `х$` at its end; two letters are a pair that is looked for first; nothing after the colon drops the letter.
 * An apostrophe counts between letters only.
 */
type Rows = string

/**
 * How Greeks write to old phones: capitals. Ten of them are in GSM-7, the others look like Latin ones, so that the
 * reader sees Greek all the same.
 */
export const greek: Rows =
  'α:A β:B γ:Γ δ:Δ ε:E ζ:Z η:H θ:Θ ι:I κ:K λ:Λ μ:M ν:N ξ:Ξ ο:O π:Π ρ:P σ:Σ ς:Σ τ:T υ:Y φ:Φ χ:X ψ:Ψ ω:Ω'

/**
 * Without a language, as Russian [BGN/PCGN 1947, without its apostrophes and points; ё as it is spoken], and the letters
 * that Russian does not have.
 */
export const cyrillic: Rows =
  'а:a б:b в:v г:g ґ:g д:d е:e ё:yo є:ye ж:zh з:z и:i і:i ї:yi й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ў:u ф:f х:kh ц:ts ' +
  'ч:ch ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya ' +
  'ђ:dj ћ:c љ:lj њ:nj џ:dz ј:j ѓ:gj ќ:kj ѕ:dz ә:a ғ:g қ:q ң:n ө:o ұ:u ү:u һ:h'

/** What each language has otherwise, by primary subtag of BCP 47. */
export const cyrillicByLanguage: Readonly<Record<string, Rows>> = {
  /** [BGN/PCGN 1979, without its apostrophes] */
  be: 'г:h е:ye э:e ’: ʼ:',
  /** [Transliteration Act of 2009]: Sofia, not Sofiya. */
  bg: 'х:h щ:sht ъ:a ия$:ia',
  /** [as in passports] */
  mk: 'х:h ц:c',
  ru: '',
  /** Official Latin script, its letters then reduced like all of Latin; `dj` as in Croatian. */
  sr: 'х:h ц:c ч:c ш:s ж:z',
  /** [Cabinet of Ministers, resolution 55 of 2010]: other letters at the start of a word, the apostrophe dropped. */
  uk: 'г:h и:y є:ie ^є:ye ї:i ^ї:yi й:i ^й:y ю:iu ^ю:yu я:ia ^я:ya зг:zgh ’: ʼ:',
}
