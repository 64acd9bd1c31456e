import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import type { World } from '../world/start-world.ts';
import { SceneFailed } from './wait-until.ts';

const COMMAND = fileURLToPath(new URL('../../../functions/commands/why.ts', import.meta.url));

/** The tour sets it off by five columns of a hundred. */
const COLUMNS = 95;

/** Asks as a person does, with the command itself: what is printed here is what `npm run why` prints. */
export const askWhy = async (world: World, question: readonly string[]): Promise<string> => {
  const args = [COMMAND, ...question, '--file', world.configurationFile];
  const env = { ...world.aws.environment(), COLUMNS: String(COLUMNS) };
  const result = await execa(process.execPath, args, { env, reject: false, all: true });
  if (result.exitCode === 0) return result.stdout.trimEnd();
  throw new SceneFailed(
    `npm run why -- ${question.join(' ')} ended with exit code ${result.exitCode}: ${result.all}`,
  );
};
