import * as z from 'zod';
import { RegistryHost, SecretReference } from './scalars.ts';

/** Docker Hub is the one registry whose API answers on another host than its image names say. */
const DOCKER_HUB = { host: 'docker.io', url: 'https://registry-1.docker.io' } as const;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const isSafeUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
};

/** A registry from which workloads take images, and which Drydock asks before it believes an event. */
export const Registry = z
  .strictObject({
    host: RegistryHost.meta({
      description: 'Host as it stands in image names, with its port if it has one.',
      examples: ['registry.example.com'],
    }),
    url: z
      .string()
      .refine(isSafeUrl, {
        error:
          'must be an https URL without credentials, such as "https://registry.example.com" (http only for a loopback host)',
      })
      .optional()
      .meta({ description: 'Where its API answers. Default: https://<host>.' }),
    credentials: z
      .strictObject({ secret: SecretReference })
      .optional()
      .meta({ description: 'Secret with {"username": ..., "password": ...}. Left out: asked anonymously.' }),
  })
  .transform((registry) => ({
    ...registry,
    url: registry.url ?? (registry.host === DOCKER_HUB.host ? DOCKER_HUB.url : `https://${registry.host}`),
  }))
  .meta({ description: 'A registry whose images Drydock may deploy.' });
export type Registry = z.output<typeof Registry>;
