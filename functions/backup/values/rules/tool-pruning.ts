import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/**
 * Pruning by the tool itself.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility, `cleanup`: it sorts names and deletes all but the last N.
 */
export const toolPruning = defineArgumentRule({
  code: 'tool-pruning',
  title: 'The backup tool does not delete older archives by itself',
  judge: (given) =>
    given.has('--maximum-backups')
      ? [
          {
            severity: 'risk',
            path: EXTRA_ARGS,
            message:
              '--maximum-backups deletes by name and number: after as many incomplete backups as it keeps, the last whole one is gone. It also fails on a bucket that holds its objects under a lock.',
            remedy:
              'Take --maximum-backups away, and leave pruning to a retention that knows which archives were verified.',
          },
        ]
      : [],
});
