import { Configuration } from '../records/configuration.ts';
import { loadConfiguration } from './config.ts';

let configuration: Configuration | undefined;

/** The whole of `drydock.yaml` as it was deployed, read once per sandbox. */
export const readConfiguration = (): Configuration => {
  configuration ??= loadConfiguration((value) => Configuration.parse(value));
  return configuration;
};
