import { makeBackupConfiguration, type Statement, statementsOf, synthesiseVaults } from './backup-stacks.ts';
import { listResources } from './stacks.ts';

/** One vault of a configuration, and the policies in it. */

export const COPY = { copy: { bucket: 'copies', region: 'eu-west-1' } };
export const NAMES = { archives: 'drydock-vault-production', copies: 'drydock-vault-production-copy' };

export const vaultOf = (settings: object = {}, more: object = {}, name = NAMES.archives) => {
  const found = synthesiseVaults(makeBackupConfiguration(settings, more)).get(name);
  if (!found) throw new Error(`There is no vault ${name}.`);
  return found;
};
type Template = ReturnType<typeof vaultOf>['template'];

/** Of every resource of a type, in their order in the template. */
export const policiesOf = (template: Template, type: string, document: string): Statement[][] =>
  listResources(template)
    .filter((resource) => resource.Type === type)
    .map(({ Properties }) => statementsOf(Properties[document]));
