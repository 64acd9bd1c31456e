import { askDatabase } from '../ask-database.ts';
import type { Surroundings } from '../surroundings.ts';

/** For each database, statements of SQL, the value that one gives, and lines. There is one database here, `main`. */
const LOOP =
  /^Gitlab::Database\.database_base_models\.each do \|name, model\|(?<body>(?:\s*(?:model\.connection\.execute\("[^"]+"\)|puts model\.connection\.select_value\("[^"]+"\)|puts "[^"]+");?)+)\s*end$/;
const STATEMENT =
  /model\.connection\.execute\("(?<sql>[^"]+)"\)|select_value\("(?<question>[^"]+)"\)|puts "(?<words>[^"]+)"/g;

/** Runs a script of that form. @returns false for any other. */
export const runStatements = async (around: Surroundings, script: string): Promise<boolean> => {
  const { body } = LOOP.exec(script)?.groups ?? {};
  if (body === undefined) return false;
  for (const { groups } of body.matchAll(STATEMENT)) {
    if (groups?.['sql'] !== undefined) await askDatabase(around, groups['sql']);
    if (groups?.['question'] !== undefined) {
      const [row = {}] = await askDatabase(around, groups['question']);
      const [value] = Object.values(row);
      console.log(typeof value === 'string' ? value : JSON.stringify(value));
    }
    if (groups?.['words'] !== undefined) console.log(groups['words'].replaceAll('#{name}', 'main'));
  }
  return true;
};
