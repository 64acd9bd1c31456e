import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../functions/commands/values-lint/options.ts';
import { runValuesLint } from '../../../functions/commands/values-lint.ts';

const README = readFileSync(new URL('../../../functions/backup/README.md', import.meta.url), 'utf8');
const [, LINTER = ''] = README.split('## Before a backup is made');

describe('the linter in functions/backup/README.md', () => {
  const shown = [...LINTER.matchAll(/npm run values-lint -- ([^|\n]*)/g)].map(([, args = '']) => args.trim());

  it('shows commands', () => {
    expect(shown).toHaveLength(3);
  });

  it.each(shown)('npm run values-lint -- %s is understood', (args) => {
    expect(parseOptions(args.split(' '))).toHaveProperty('options');
  });

  it('says of its values what is shown', async () => {
    const values = /```yaml\n(.*?)```/s.exec(LINTER)?.[1] ?? '';
    const said = /```\n(trap.*?)```/s.exec(LINTER)?.[1] ?? '-';
    const { output, exitCode } = await runValuesLint(['values.yaml', '--chart-version', '9.10.0'], {
      width: 120,
      readText: async () => values,
    });
    expect(output).toContain(said.trimEnd());
    expect(exitCode).toBe(4);
  });
});

describe('what the rules tell to do', () => {
  const folder = new URL('../../../functions/backup/values/rules/', import.meta.url);
  const remedies = readdirSync(folder).flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/remedy:\s*(['"`])(.*?)\1,?\n/gs)].map(
      ([, , remedy = '']) => remedy,
    ),
  );

  it('is found', () => {
    expect(remedies.length).toBeGreaterThan(30);
  });

  it.each(remedies)('names no option of the command, since machines say it too: %s', (remedy) => {
    expect(remedy).not.toMatch(
      /--(postgresql|connection|registry-storage|s3cfg|expected-size|chart-version)\b/,
    );
  });
});
