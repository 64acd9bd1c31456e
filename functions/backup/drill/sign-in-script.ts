/** What the pod runs that asks a restored GitLab for its sign-in page, from inside of the closed network. */

/** By this a line of it is known among those of other programs. */
export const SIGN_IN_MARK = '{"drydock":"sign-in",';

/**
 * Of Workhorse, which stands before Rails: an answer of both.
 *
 * Source: GitLab chart 9 and 10, charts/gitlab/charts/webservice/values.yaml, `service.workhorseExternalPort`.
 */
const WORKHORSE_PORT = 8181;

/** Rails loads for a minute or two behind its readiness; each attempt waits as long as a person would. */
const ATTEMPTS = 18;
const ATTEMPT_SECONDS = 10;
const BETWEEN_SECONDS = 10;

/**
 * One line of JSON a service, with the last status of HTTP; 0 where nobody answered. The way of a proxy with TLS is said,
 * since GitLab leads others to it. Workhorse itself may want TLS (`webservice.tls`), with a certificate that nobody knows
 * here. Without curl, bash asks.
 *
 * Back quotes, since a kubelet takes `$(` in arguments for a variable of its own.
 */
const SCRIPT = [
  'ask() {',
  '  if command -v curl >/dev/null 2>&1; then',
  `    curl --silent --insecure --output /dev/null --max-time ${ATTEMPT_SECONDS} --write-out '%{http_code}' --header 'X-Forwarded-Proto: https' "$1://$2:$3/users/sign_in"`,
  '  elif [ "$1" = http ]; then',
  `    timeout ${ATTEMPT_SECONDS} bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "GET /users/sign_in HTTP/1.0\\r\\nHost: %s\\r\\nX-Forwarded-Proto: https\\r\\n\\r\\n" "$0" >&3 && read -r _ code _ <&3 && printf %s "$code"' "$2" "$3" 2>/dev/null`,
  '  fi',
  '}',
  'look() {',
  '  attempt=0; status=0',
  '  while [ "$attempt" -lt "$3" ]; do',
  '    for scheme in http https; do',
  '      code=`ask "$scheme" "$1" "$2"`',
  '      case "$code" in [1-5][0-9][0-9]) status="$code" ;; *) continue ;; esac',
  '      case "$code" in [23]??|401|403|429) break 2 ;; esac',
  '    done',
  '    attempt=`expr "$attempt" + 1`',
  '    sleep "$4"',
  '  done',
  `  printf '${SIGN_IN_MARK}"host":"%s","status":%d}\\n' "$1" "$status"`,
  '}',
  'attempts="$1"; pause="$2"; port="$3"; shift 3',
  'for host in "$@"; do look "$host" "$port" "$attempts" "$pause"; done',
].join('\n');

/** Names of Services: RFC 1123. */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * The arguments of the container; names stand behind the script, never in it.
 *
 * @param hosts names of Services of the same namespace.
 */
export const writeSignInArguments = (
  shell: string,
  hosts: readonly string[],
  {
    attempts = ATTEMPTS,
    between = BETWEEN_SECONDS,
    port = WORKHORSE_PORT,
  }: { readonly attempts?: number; readonly between?: number; readonly port?: number } = {},
): string[] => [
  shell,
  '-c',
  SCRIPT,
  'drydock-sign-in',
  String(attempts),
  String(between),
  String(port),
  ...hosts.filter((host) => NAME.test(host)),
];
