/** What the pod runs that empties a place behind a drill, with the tools of the toolbox image. */

/** By this a line of it is known among those of other programs. */
export const EMPTY_MARK = '{"drydock":"empty",';

/** Name of the function that stands where `backup-utility` stood. */
const FUNCTION = 'drydock_empty';

/**
 * Has Gitaly remove all repositories of all storages, as the tool of GitLab does before it restores.
 *
 * Source: GitLab, lib/backup/gitaly_backup.rb (`-remove-all-repositories`, `GITALY_SERVERS`).
 */
const REMOVE_REPOSITORIES = [
  'storages = Gitlab.config.repositories.storages.keys;',
  'servers = storages.to_h { |name| [name, Gitlab::GitalyClient.connection_data(name)] };',
  'env = { "GITALY_SERVERS" => Base64.strict_encode64(JSON.dump(servers)) };',
  'command = [Gitlab.config.backup.gitaly_backup_path, "restore", "-path", Dir.mktmpdir,',
  '"-remove-all-repositories", storages.join(",")];',
  'exit(system(env, *command, in: File::NULL) ? 0 : 1)',
].join(' ');

/**
 * Repositories first, since without a database nobody knows the storages; then the tables of every database, then the
 * buckets. What was emptied is looked at again, and only the look counts: a table or a key that is left says so.
 *
 * Source: GitLab, lib/tasks/gitlab/db.rake (`gitlab:db:drop_tables`).
 */
const SCRIPT = [
  'drydock_say() {',
  `  printf '${EMPTY_MARK}"what":"%s","name":"%s","state":"%s"}\\n' "$1" "$2" "$3"`,
  '}',
  'drydock_bucket() {',
  '  if [ "$1" = awscli ]; then',
  '    aws s3 rm "s3://$2" --recursive --only-show-errors >&2',
  '    left=`aws s3api list-objects-v2 --bucket "$2" --no-paginate --max-keys 1 --query KeyCount --output text`',
  '  else',
  '    s3cmd del --recursive --force "s3://$2" >&2',
  '    left=`s3cmd ls --limit=1 "s3://$2"`',
  '  fi',
  '  if [ "$?" -ne 0 ]; then drydock_say bucket "$2" failed',
  '  elif [ "${left:-0}" = 0 ] || [ "$left" = None ]; then drydock_say bucket "$2" empty',
  '  else drydock_say bucket "$2" left; fi',
  '}',
  `${FUNCTION}() {`,
  `  if gitlab-rails runner '${REMOVE_REPOSITORIES}' >&2; then drydock_say repositories all empty; else drydock_say repositories all failed; fi`,
  '  if gitlab-rake gitlab:db:drop_tables >&2; then drydock_say database all empty; else drydock_say database all failed; fi',
  '  while [ "$#" -ge 2 ]; do drydock_bucket "$1" "$2"; shift 2; done',
  '}',
].join('\n');

interface EmptiedBucket {
  readonly bucket: string;
  readonly tool: 's3cmd' | 'awscli';
}

/** A name that S3 takes: anything else is no word for a shell. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * The arguments of the container: the chart's own script up to the tool, so that all that comes before is as in a
 * backup.
 *
 * @param head the chart's script up to `backup-utility`, that word included.
 */
export const writeEmptyArguments = (
  shell: string,
  head: string,
  buckets: readonly EmptiedBucket[],
): string[] => [
  shell,
  '-c',
  `${SCRIPT}\n${head.replace(/\S*backup-utility$/, FUNCTION)} "$@"`,
  'drydock-empty',
  ...buckets.filter(({ bucket }) => BUCKET.test(bucket)).flatMap(({ tool, bucket }) => [tool, bucket]),
];
