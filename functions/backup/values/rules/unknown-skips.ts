import { ARCHIVE_COMPONENTS } from '../../../records/backup/components.ts';
import { quote } from '../quotation.ts';
import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/** Names of the documentation that an archive of the chart does not hold anyway. */
const WITHOUT_EFFECT = ['builds'];

/**
 * Names behind `--skip` that are none.
 *
 * Source: GitLab documentation, "Excluding specific data from the backup"; CNG,
 * gitlab-toolbox/scripts/bin/backup-utility, which looks for each of its names inside of what is given.
 */
export const unknownSkips = defineArgumentRule({
  code: 'unknown-skips',
  title: 'Every name behind --skip is one that the tool knows',
  judge: ({ skips }) => {
    const known = new Set<string>([...ARCHIVE_COMPONENTS, ...WITHOUT_EFFECT]);
    const strange = [...new Set(skips.flatMap((names) => names.split(',')))].filter(
      (name) => !known.has(name),
    );
    return strange.map((name) => {
      const inside = ARCHIVE_COMPONENTS.filter((component) => name.includes(component));
      return {
        severity: 'risk',
        path: EXTRA_ARGS,
        message:
          inside.length > 0
            ? `${quote(name)} behind --skip is no component; the tool finds ${inside.join(' and ')} inside of it and skips that.`
            : `${quote(name)} behind --skip is no component: nothing is skipped by it, and the backup is larger than whoever wrote it believes.`,
        remedy: `Write one of ${ARCHIVE_COMPONENTS.join(', ')}.`,
      };
    });
  },
});
