import { readFile, writeFile } from 'node:fs/promises';
import { readConfigurationFile } from '../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../functions/records/configuration/problem.ts';
import { formatResourceTable, replaceResourceTable } from './install/resource-table.ts';
import { countResources } from './install/synthesised-site.ts';

/** Brings the table in infra/README.md up to date with the drydock.yaml of the repository. */
const parsed = await readConfigurationFile('drydock.yaml');
if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
const file = new URL('./README.md', import.meta.url);
const table = formatResourceTable(countResources(parsed.configuration, 'main'));
await writeFile(file, replaceResourceTable(await readFile(file, 'utf8'), table));
