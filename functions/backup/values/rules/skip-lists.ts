import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/**
 * Several names behind one `--skip`.
 *
 * Source: GitLab documentation, charts, "Backing up a GitLab installation", "Skipping components": each component
 * must have its own `--skip`; CNG, gitlab-toolbox/scripts/bin/backup-utility, `skipped_via_flag`.
 */
export const skipLists = defineArgumentRule({
  code: 'skip-lists',
  title: 'Each component that is skipped has a --skip of its own',
  judge: ({ skips }) =>
    skips.some((names) => names.includes(','))
      ? [
          {
            severity: 'risk',
            path: EXTRA_ARGS,
            message:
              'One --skip names several components. The documentation asks for one each: images that take a list do so by searching in it, those that compare whole names skip nothing.',
            remedy: 'Write --skip before each name: "--skip registry --skip artifacts".',
          },
        ]
      : [],
});
