import { readFileSync } from 'node:fs'
import { createClient } from '@kurzpost/smpp'

const client = createClient({
  host: 'localhost',
  port: Number(process.env.SMPP_PORT ?? 3550),
  // `tls: true` trusts the authorities that Node knows. For one of your own, and a certificate to show (mTLS):
  tls: {
    ca: readFileSync(process.env.SMPP_CA ?? 'authority.pem'),
    cert: readFileSync(process.env.SMPP_CERT ?? 'client.pem'),
    key: readFileSync(process.env.SMPP_KEY ?? 'client.key'),
  },
  systemId: 'post',
  password: 'secret',
  reconnect: false,
})
try {
  await client.connect({ signal: AbortSignal.timeout(10_000) })
  console.log('bound over TLS')
} catch (error) {
  // CERT_HAS_EXPIRED, DEPTH_ZERO_SELF_SIGNED_CERT, ERR_TLS_CERT_ALTNAME_INVALID, …
  console.error(String(error))
}
await client.close()
