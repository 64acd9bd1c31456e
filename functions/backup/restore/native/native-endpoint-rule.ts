import { notChecked, pass, refuse } from '../../preflight/preflight-rule.ts';
import type { NativeRow } from './native-row.ts';

/**
 * Whether the GitLab of another place uses the instance that drydock.yaml names: what is restored under its identifier
 * would otherwise be looked at by nobody, and a drill would find the data of somebody else to be well.
 */
export const nativeEndpoint: NativeRow = {
  code: 'native-endpoint',
  title: 'The GitLab there uses the database that is replaced',
  ifUnknown: 'stop',
  mayOverride: true,
  judge: ({ parts, place, database }, { release }) => {
    if (!parts.database || !place.isOther) return [pass('It is that of the set.')];
    const address = database.known ? database.value.main?.endpoint : undefined;
    const server = release.known ? release.value.databases.find(({ name }) => name === 'main') : undefined;
    if (address === undefined || server?.host === undefined) {
      return [
        notChecked(
          `Which server the GitLab there uses, or the address of ${place.instance ?? 'its instance'}, is not known.`,
          'Name the endpoint of the instance in global.psql.host of its values.',
        ),
      ];
    }
    return plain(server.host) === plain(address)
      ? [pass(`It uses ${address}.`)]
      : [
          refuse(
            `The GitLab there uses ${server.host}, and ${place.instance ?? 'its instance'} has the address ${address}.`,
            'Name that address in global.psql.host of its values, or the instance that it uses in restore.scratch.database.',
          ),
        ];
  },
};

const plain = (host: string): string => host.toLowerCase().replace(/\.$/, '');
