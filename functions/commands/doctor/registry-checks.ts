import { endpointOf } from '../../clients/endpoint-probe.ts';
import { parseCredentials } from '../../clients/secrets.ts';
import { type Check, fail, pass } from './check.ts';
import { checkEndpoint } from './reachability.ts';
import type { RegistrySubject } from './subject.ts';

/** What a run needs of a registry: that it answers, and lets us look at what targets follow. */
export const registryChecks: readonly Check<RegistrySubject>[] = [
  {
    name: 'endpoint',
    run: ({ at, registry }) =>
      checkEndpoint(
        at,
        endpointOf(registry.url),
        `Write where the registry's API answers as url beside host ${registry.host} in drydock.yaml, or name the ` +
          `network from which it answers under sites.${at.name}.network.`,
      ),
  },
  {
    name: 'credentials',
    async run(subject) {
      const secret = subject.registry.credentials?.secret;
      if (secret === undefined) return pass('none: asked anonymously');
      await readRegistryCredentials(subject, secret);
      return pass(secret);
    },
  },
  {
    name: 'pull',
    needs: ['endpoint', 'credentials'],
    async run(subject) {
      const { at, registry, repositories } = subject;
      const secret = registry.credentials?.secret;
      const client = at.instruments.connectRegistry({
        url: registry.url,
        ...(secret === undefined ? {} : { credentials: () => readRegistryCredentials(subject, secret) }),
      });
      const empty: string[] = [];
      for (const repository of repositories) {
        if (!(await hasTag(client.listTags(repository)))) empty.push(repository);
      }
      if (repositories.length === 0) return pass('no target follows an image of it');
      if (empty.length === 0) return pass(repositories.join(', '));
      return fail(
        `there is no tag in ${empty.join(', ')}`,
        'Correct the image of the target in drydock.yaml, or push a first image.',
      );
    },
  },
];

const readRegistryCredentials = async ({ at }: RegistrySubject, secret: string) =>
  parseCredentials(secret, await at.instruments.readSecret(secret, at.site.region));

const hasTag = async (tags: AsyncIterable<string>): Promise<boolean> => {
  for await (const _tag of tags) return true;
  return false;
};
