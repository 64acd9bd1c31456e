import process from 'node:process';
import { askDatabase } from './ask-database.ts';
import { readSurroundings } from './surroundings.ts';

/**
 * Plays `gitlab-rails runner` of the toolbox image for one form of script: for each database, statements of SQL, the
 * value that one gives, and a line. There is one database here, `main`. Anything else is refused: no Ruby runs.
 */
const LOOP =
  /^Gitlab::Database\.database_base_models\.each do \|name, model\|(?<body>(?:\s*(?:model\.connection\.execute\("[^"]+"\)|puts model\.connection\.select_value\("[^"]+"\)|puts "[^"]+");?)+)\s*end$/;
const STATEMENT =
  /model\.connection\.execute\("(?<sql>[^"]+)"\)|select_value\("(?<question>[^"]+)"\)|puts "(?<words>[^"]+)"/g;

try {
  const [command, script = ''] = process.argv.slice(2);
  const { body } = LOOP.exec(script.trim())?.groups ?? {};
  if (command !== 'runner' || body === undefined) {
    throw new Error(`This stand-in of gitlab-rails does not know: ${command} ${script}`);
  }
  const around = readSurroundings(process.env);
  for (const { groups } of body.matchAll(STATEMENT)) {
    if (groups?.['sql'] !== undefined) await askDatabase(around, groups['sql']);
    if (groups?.['question'] !== undefined) {
      const [row = {}] = await askDatabase(around, groups['question']);
      const [value] = Object.values(row);
      console.log(typeof value === 'string' ? value : JSON.stringify(value));
    }
    if (groups?.['words'] !== undefined) console.log(groups['words'].replaceAll('#{name}', 'main'));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
