import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/** A shell puts something in here, so that each run has a name of its own. */
const CHANGES = /\$\(|`|\$\{?[A-Za-z_]/;

/** What `date` has to print for the tool to see the archive again: ten digits, then the day. */
const SHAPE = /^(?:\$\(|`)\s*date\s+(?:-u\s+)?["']?\+%s_%Y_%m_%d["']?(?:_\S+)?\s*(?:\)_|`_|\)$|`$)/;

/**
 * The name of the archive. Given by the CronJob it is the same for each run.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility, `get_backup_name` and `get_existing_backups`, which lists
 * `^\d{10}_\d{4}_\d{2}_\d{2}_.+_gitlab_backup.tar$`.
 */
export const fixedName = defineArgumentRule({
  code: 'fixed-name',
  title: 'Each backup gets a name of its own that can be found again',
  judge: (given) => {
    const name = given.valueOf('-t', '--timestamp');
    if (name === undefined) return [];
    if (!CHANGES.test(name)) {
      return [
        {
          severity: 'trap',
          path: EXTRA_ARGS,
          message:
            'The name of the archive is fixed (-t), so every backup overwrites the one before, also when it is the worse one.',
          remedy: 'Take -t away; the tool names each archive by its time and version.',
        },
      ];
    }
    return SHAPE.test(name)
      ? []
      : [
          {
            severity: 'risk',
            path: EXTRA_ARGS,
            message:
              'The name of the archive (-t) does not begin as the names do that the tool lists, <seconds>_<year>_<month>_<day>_: nothing that goes by those names counts, keeps or prunes it.',
            remedy: 'Take -t away, or write -t "$(date +%s_%Y_%m_%d)_nightly".',
          },
        ];
  },
});
