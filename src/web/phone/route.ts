// Addresses of the phone, all below /m. They hold ids at most, never a name or a number of a person.
import { Link, matchRoute, useLocation, useRouter } from 'wouter'

/** `const [path, go] = usePhoneRoute()`; `go('/rounds')`, `go('/rounds', { replace: true })`. */
export const usePhoneRoute = useLocation

/** The parts of the address, `useParams('/rounds/:building')` → `{ building }`, or null where it does not fit. */
export function useParams(pattern: string): Readonly<Record<string, string>> | null {
  const { parser } = useRouter()
  const [path] = useLocation()
  const [fits, params] = matchRoute(parser, pattern, path)
  return fits ? (params as Record<string, string>) : null
}

/** A link inside the phone: `<PhoneLink href="/rounds">`. */
export const PhoneLink = Link
