import { createRequire } from 'node:module';
import { DefectError } from './errors.ts';

/**
 * The module that the configuration layer carries: `/opt/nodejs/node_modules` is on NODE_PATH in every Lambda,
 * which `require` reads and `import` does not.
 */
const CONFIGURATION_MODULE = 'drydock-configuration/configuration.json';

/**
 * Reads the validated `drydock.yaml` that ships as a Lambda layer: no network at start, and code and
 * configuration change together.
 *
 * @param parse turns the layer's JSON into the typed configuration (its schema's `parse`).
 * @throws DefectError `configuration.missing` when the function was deployed without the layer.
 */
export const loadConfiguration = <T>(parse: (value: unknown) => T): T => {
  const require = createRequire(import.meta.url);
  let value: unknown;
  try {
    value = require(CONFIGURATION_MODULE);
  } catch (cause) {
    throw new DefectError(
      'configuration.missing',
      'The configuration layer is not attached to this function; deploy again with `npm run deploy`.',
      { cause },
    );
  }
  return parse(value);
};
