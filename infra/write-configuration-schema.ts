import { writeFile } from 'node:fs/promises';
import { generateJsonSchema } from '../functions/records/configuration/json-schema.ts';

/** Writes `drydock.schema.json`, by which editors complete `drydock.yaml`. Run it after a change of the schema. */

const file = new URL('../drydock.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(generateJsonSchema(), null, 2)}\n`);
console.log('Wrote drydock.schema.json');
