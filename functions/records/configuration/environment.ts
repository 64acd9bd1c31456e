import * as z from 'zod';
import { Name, SecretReference } from './scalars.ts';

/** An environment: a cluster and the GitLab on it. Belongs to one site. */
export const Environment = z
  .strictObject({
    site: Name.optional().meta({ description: 'The site it belongs to; may be left out when there is one.' }),
    cluster: z
      .strictObject({
        name: z
          .string()
          // EKS, CreateCluster: name.
          .regex(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, 'must be the name of an EKS cluster')
          .meta({ description: 'Name of the EKS cluster, in the account and region of the site.' }),
      })
      .meta({ description: 'The cluster on which workloads run.' }),
    gitlab: z
      .strictObject({
        url: z
          .url('must be the address of a GitLab such as "https://gitlab.example.com"')
          .meta({ description: 'Where people open this GitLab.' }),
        project: z
          .string()
          .regex(/^[\w.-]+(\/[\w.-]+)+$/, 'must be the path of a project such as "platform/clusters"')
          .optional()
          .meta({
            description:
              'A project behind the login, of which a clone is begun after a restore. Needs a token.',
            examples: ['platform/clusters'],
          }),
        token: z.strictObject({ secret: SecretReference }).optional().meta({
          description:
            'An access token with the scopes read_api and read_repository, for looks after a restore; of an administrator, so that all runners are seen.',
        }),
      })
      .refine(({ project, token }) => project === undefined || token !== undefined, {
        path: ['project'],
        error: 'is behind the login: write token beside it',
      })
      .optional()
      .meta({ description: 'The GitLab on this cluster; Drydock asks it whether it answers.' }),
  })
  .meta({ description: 'A cluster under a name of your own, such as "production".' });
