/**
 * Whether what an issuer says there can be believed: https, or this machine. As the runtime judges addresses that it is told
 * at boot; settings are for it to judge.
 */
export function isIssuerAddress(url: string): boolean {
  if (url.startsWith('${')) return true
  return /^https:\/\/|^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$)/i.test(url) && URL.canParse(url)
}
