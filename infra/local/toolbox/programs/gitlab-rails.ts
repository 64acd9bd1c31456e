import process from 'node:process';
import { removeRepositories } from './rails/remove-repositories.ts';
import { runStatements } from './rails/run-statements.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';

/** Each knows one form of script, and runs none of another. */
const SCRIPTS: readonly ((around: Surroundings, script: string) => Promise<boolean>)[] = [
  runStatements,
  removeRepositories,
];

/** Plays `gitlab-rails runner` of the toolbox image for scripts of a few forms. Anything else is refused: no Ruby runs. */
const run = async (command: string | undefined, script: string): Promise<void> => {
  const around = readSurroundings(process.env);
  for (const play of command === 'runner' ? SCRIPTS : []) {
    if (await play(around, script.trim())) return;
  }
  throw new Error(`This stand-in of gitlab-rails does not know: ${command} ${script}`);
};

try {
  const [command, script = ''] = process.argv.slice(2);
  await run(command, script);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
