import process from 'node:process';
import { checkGitLab } from './rake/check.ts';
import { examineSecrets } from './rake/doctor-secrets.ts';
import { dropTables } from './rake/drop-tables.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';

const TASKS: Readonly<Record<string, (around: Surroundings) => Promise<void>>> = {
  'gitlab:check': checkGitLab,
  'gitlab:doctor:secrets': examineSecrets,
  'gitlab:db:drop_tables': dropTables,
};

/** Plays `gitlab-rake` of the toolbox image with the tasks that a restore and a drill run. `NAME=value` are variables. */
const tasks = process.argv.slice(2).filter((word) => !/^\w+=/.test(word) && !word.startsWith('-'));
try {
  for (const name of tasks) {
    const task = TASKS[name];
    if (!task) throw new Error(`Don't know how to build task '${name}'`);
    await task(readSurroundings(process.env));
  }
} catch (error) {
  console.error('rake aborted!');
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
