/** A link that was made just now, and for whom. */
export interface Made {
  kind: 'invitation' | 'reset'
  who: string
  link: string
  expires_at: string
}
