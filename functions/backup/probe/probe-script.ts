/** What the pod of the probe runs, in the shell and with the tools of the toolbox image. */

/** One bucket that is to be listed, and the tool by which the backup reads or writes it. */
export interface ProbePlace {
  readonly bucket: string;
  readonly tool: 's3cmd' | 'awscli';
}

/** What the chart's values tell `aws` beside. */
export interface ProbeSettings {
  readonly region?: string;
  readonly endpoint?: string;
}

/** By this a line of the probe is known among those of other programs. */
export const PROBE_MARK = '{"drydock":"probe",';

/** Name of the function that stands where `backup-utility` stood. */
const FUNCTION = 'drydock_probe';

/** Longer than S3 ever takes for one key, and short enough that a bucket that hangs holds nobody up. */
const SECONDS = 20;

/**
 * One line of JSON for who it is, and one for each bucket, with the exit code of the tool and the code of the service
 * out of its message: `aws` writes `An error occurred (AccessDenied) when ...`, s3cmd `S3 error: 403 (AccessDenied)`.
 * Of a message nothing else is repeated: it may hold a key.
 *
 * Back quotes, since a kubelet takes `$(` in arguments for a variable of its own (Kubernetes documentation, "Define a
 * Command and Arguments for a Container"). One key of each bucket: nobody needs the rest of one with millions.
 */
const SCRIPT = [
  'drydock_say() {',
  `  code=\`printf '%s' "$4" | grep -oE '[(][A-Za-z0-9.]{1,60}[)]' | head -n 1 | tr -d '()'\``,
  `  printf '${PROBE_MARK}"%s":"%s","exit":%d,"code":"%s"}\\n' "$1" "$2" "$3" "$code"`,
  '}',
  `${FUNCTION}() {`,
  '  if [ -n "$1" ]; then export AWS_REGION="$1" AWS_DEFAULT_REGION="$1"; fi',
  `  answer=\`timeout ${SECONDS} aws sts get-caller-identity --query Arn --output text 2>&1\``,
  '  status=$?',
  `  arn=\`printf '%s\\n' "$answer" | tail -n 1 | tr -cd 'A-Za-z0-9:/_+=,.@-'\``,
  '  if [ "$status" -ne 0 ]; then arn=""; fi',
  '  drydock_say identity "$arn" "$status" "$answer"',
  '  if [ -n "$2" ]; then export AWS_ENDPOINT_URL_S3="$2"; fi',
  '  shift 2',
  '  while [ "$#" -ge 2 ]; do',
  '    if [ "$1" = awscli ]; then',
  `      answer=\`timeout ${SECONDS} aws s3api list-objects-v2 --bucket "$2" --no-paginate --max-keys 1 2>&1 >/dev/null\``,
  '    else',
  `      answer=\`timeout ${SECONDS} s3cmd ls --limit=1 "s3://$2" 2>&1 >/dev/null\``,
  '    fi',
  '    drydock_say bucket "$2" "$?" "$answer"',
  '    shift 2',
  '  done',
  '}',
].join('\n');

/**
 * The arguments of the container: the chart's own script, with the probe where the backup would be called, so that all
 * that comes before it is as in a backup. Buckets stand behind the script, never in it.
 *
 * @param shell the first argument of the chart's container: `/bin/bash`.
 * @param head the chart's script up to `backup-utility`, that word included.
 */
export const writeProbeArguments = (
  shell: string,
  head: string,
  places: readonly ProbePlace[],
  { region = '', endpoint = '' }: ProbeSettings = {},
): string[] => [
  shell,
  '-c',
  `${SCRIPT}\n${head.replace(/\S*backup-utility$/, FUNCTION)} "$@"`,
  'drydock-probe',
  region,
  endpoint,
  ...places.flatMap(({ tool, bucket }) => [tool, bucket]),
];
