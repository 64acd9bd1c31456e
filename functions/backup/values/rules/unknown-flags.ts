import { quoteAll } from '../quotation.ts';
import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/**
 * Arguments at which the tool stops.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility: "Unexpected parameter", exit 1. Newer images may know more.
 */
export const unknownFlags = defineArgumentRule({
  code: 'unknown-flags',
  title: 'Every argument of the backup is one that the tool knows',
  judge: ({ unknown }) => {
    if (unknown.length === 0) return [];
    const flags = unknown.filter((word) => word.startsWith('-'));
    const named = flags.length > 0 ? quoteAll(flags) : 'a word that belongs to no flag';
    return [
      {
        severity: 'risk',
        path: EXTRA_ARGS,
        message: `The tool is not known to take ${named}. At an argument that it does not know it stops before it has saved anything. It knows no --flag=value, and a name behind each --skip.`,
        remedy:
          'Compare with backup-utility --help in the toolbox of your version, and take away what is not there.',
      },
    ];
  },
});
