import type { ProbeAddress } from '../../records/backup/drill-proof.ts';

/** What the pod of the probe runs, with nothing but bash and coreutils. */

/** By this a line of the probe is known among those of other programs. */
export const REACH_MARK = '{"drydock":"reach",';

/** Every address is tried so often: a policy may reach a node late, and one that lets go after a while is none. */
export const ROUNDS = 2;

/**
 * Seconds before the first round. Agents of network policies work out the rules of a new pod within seconds of its
 * start, and in their standard mode let it out until then; no process of GitLab opens a connection so early.
 *
 * Source: EKS User Guide, "Restrict Pod network traffic with Kubernetes network policies", "standard mode".
 */
const SETTLE_SECONDS = 10;
const BETWEEN_SECONDS = 15;

/** Seconds of one attempt: longer than two repeats of a SYN that was lost on its way. RFC 6298: 1 s, then 2 s. */
const ATTEMPT_SECONDS = 5;

/**
 * One line of JSON an attempt, all of a round at once. Its words come from the exit code and from what bash and libc
 * say; of a message nothing else is repeated.
 *
 * Back quotes, since a kubelet takes `$(` in arguments for a variable of its own.
 */
const SCRIPT = [
  'try() {',
  `  said=\`LC_ALL=C timeout ${ATTEMPT_SECONDS} bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>&1\``,
  '  status=$?',
  '  case "$status:$said" in',
  '    0:*) seen=reached ;;',
  '    124:*|*"onnection timed out"*) seen=timeout ;;',
  '    *"onnection refused"*) seen=refused ;;',
  '    *"etwork is unreachable"*|*"o route to host"*|*"ermission denied"*|*"peration not permitted"*) seen=unreachable ;;',
  '    *"ame or service not known"*|*"name resolution"*|*"o address associated"*) seen=unresolved ;;',
  '    *) seen=unknown ;;',
  '  esac',
  `  printf '${REACH_MARK}"round":%d,"host":"%s","port":%d,"seen":"%s"}\\n' "$3" "$1" "$2" "$seen"`,
  '}',
  'round() {',
  '  number="$1"; shift',
  '  while [ "$#" -ge 2 ]; do try "$1" "$2" "$number" & shift 2; done',
  '  wait',
  '}',
  `sleep "$1"; pause="$2"; shift 2`,
  'round 1 "$@"',
  'sleep "$pause"',
  'round 2 "$@"',
].join('\n');

/** A host that is a word for a shell is none; bash takes addresses of IPv6 as they are, without brackets. */
const HOST = /^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/;

/**
 * The arguments of the container; addresses stand behind the script, never in it.
 *
 * @param waits seconds before and between the rounds.
 */
export const writeReachArguments = (
  shell: string,
  addresses: readonly Pick<ProbeAddress, 'host' | 'port'>[],
  {
    settle = SETTLE_SECONDS,
    between = BETWEEN_SECONDS,
  }: { readonly settle?: number; readonly between?: number } = {},
): string[] => [
  shell,
  '-c',
  SCRIPT,
  'drydock-reach',
  String(settle),
  String(between),
  ...addresses.filter(({ host }) => HOST.test(host)).flatMap(({ host, port }) => [host, String(port)]),
];
