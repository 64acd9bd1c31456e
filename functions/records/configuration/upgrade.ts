import * as z from 'zod';
import { KubernetesMinor } from '../kubernetes-version.ts';
import { KubernetesLabel, Name, SecretReference } from './scalars.ts';

/** Two lists for each lie in the cursor of a check, some 350 bytes a list, and a step of the machine takes 256 KB. */
const MAX_HELM_NAMESPACES = 300;

/** The upgrade capability: what is checked each day, what is ignored, and who may change a cluster. */

const DayTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "05:30", in quotes');

const TimeZone = z
  .string()
  .refine(isTimeZone, 'must be a time zone such as "Europe/Berlin" (IANA), or "UTC"')
  .default('UTC')
  .meta({ description: 'Time zone of the times of day.' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** When an upgrade may begin its next step. */
const Window = z
  .strictObject({
    days: z
      .array(Weekday)
      .min(1)
      .default(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
      .meta({ description: 'Days on which it begins.' }),
    from: DayTime.meta({ description: 'When it begins: "01:00".' }),
    to: DayTime.meta({ description: 'When it ends; before "from" means the next morning.' }),
    timeZone: TimeZone,
  })
  .refine(({ from, to }) => from !== to, { error: 'begins and ends at the same time; leave the window out' })
  .meta({ description: 'When an upgrade may begin a step. Without it: at any time.' });

const Ignore = z
  .strictObject({
    check: z.string().min(1).meta({ description: 'Code of the check, as reports name it.' }),
    subject: z
      .string()
      .min(1)
      .default('*')
      .meta({ description: 'What it is about, "*" stands for any text: "Deployment shop/*".' }),
    environment: Name.optional().meta({
      description:
        'On the cluster of this environment only; otherwise on all. It must have that cluster for itself: one that is shared has one report.',
    }),
    reason: z.string().min(1).meta({ description: 'Why it may be ignored, for whoever reads the report.' }),
    expires: z.iso
      .date('must be a day such as "2027-01-31", in quotes')
      .meta({ description: 'The day from which it counts again; every exception ends.' }),
  })
  .meta({ description: 'A finding that is shown and does not count, until a day.' });

const GitLab = z
  .strictObject({
    url: z.url('must be the address of a GitLab such as "https://gitlab.example.com"').meta({
      description: 'Address of the GitLab that holds the project; not one on the cluster itself.',
    }),
    project: z.string().min(1).meta({ description: 'Path of the project: "platform/clusters".' }),
    token: z
      .strictObject({ secret: SecretReference })
      .meta({ description: 'A project access token with the scope api.' }),
    issue: z.boolean().default(false).meta({ description: 'Keep one issue for each cluster up to date.' }),
    mergeRequest: z
      .strictObject({
        file: z.string().min(1).meta({ description: 'The file that holds the version of the cluster.' }),
        line: z
          .string()
          .includes('{version}', { error: 'must hold {version} where the version stands' })
          .meta({
            description: 'How the version is written in it.',
            examples: ['cluster_version = "{version}"'],
          }),
        branch: z.string().min(1).default('main').meta({ description: 'The branch to change.' }),
      })
      .optional()
      .meta({ description: 'Offer the change of version as a merge request (owner: external).' }),
  })
  .meta({ description: 'A GitLab project in which issues and merge requests are made.' });

const Cluster = z
  .strictObject({
    target: KubernetesMinor.optional().meta({
      description: 'The version to judge against. Without it: the next one.',
    }),
    owner: z.enum(['external', 'drydock']).default('external').meta({
      description:
        'Who changes the cluster. external: Terraform, eksctl, CDK or a person; Drydock plans, watches and verifies. drydock: Drydock does it.',
    }),
    helmNamespaces: z
      .union([z.literal('all'), z.array(KubernetesLabel).max(MAX_HELM_NAMESPACES)], {
        error: `must be a list of at most ${MAX_HELM_NAMESPACES} namespaces, or "all"`,
      })
      .default([])
      .meta({
        description:
          'Namespaces whose Helm releases may be read. They lie in Secrets, which RBAC cannot tell apart: none by default.',
      }),
    window: Window.optional(),
    bakeHours: z.int().min(0).max(120).default(24).meta({
      description: 'Hours between control plane and nodes, in which the way back is open (EKS: 7 days).',
    }),
    backupMaxAgeHours: z
      .int()
      .min(1)
      .max(720)
      .default(24)
      .meta({ description: 'A verified backup must be younger than this before anything is changed.' }),
    addonConflicts: z
      .enum(['PRESERVE', 'NONE', 'OVERWRITE'])
      .default('PRESERVE')
      .meta({ description: 'What EKS does with settings of add-ons that were changed by hand.' }),
    approvalHours: z
      .int()
      .min(1)
      .max(168)
      .default(24)
      .meta({ description: 'How long a plan waits for its approval.' }),
    handOverHours: z
      .int()
      .min(1)
      .max(336)
      .default(72)
      .meta({ description: 'How long the change of an external owner is waited for.' }),
    gitlab: GitLab.optional(),
  })
  .meta({ description: 'How one cluster is checked and upgraded.' });

/** EKS price list, "Extended support": 0.60 USD in total an hour, of which 0.10 is the cluster's own price. */
const SURCHARGE_USD = 0.5;

/** The upgrade capability: off until this section is there. */
export const Upgrade = z
  .strictObject({
    check: z
      .strictObject({
        at: DayTime.default('05:00').meta({ description: 'When every cluster is checked each day.' }),
        timeZone: TimeZone,
      })
      .prefault({})
      .meta({ description: 'The daily check.' }),
    extendedSupportUsdPerHour: z
      .number()
      .min(0)
      .default(SURCHARGE_USD)
      .meta({ description: 'What extended support adds to the price of a cluster hour, in USD.' }),
    ignore: z
      .array(Ignore)
      .default([])
      .meta({ description: 'Findings that do not count, each until a day.' }),
    environments: z
      .record(Name, Cluster)
      .default({})
      .meta({ description: 'Settings of single environments; all others are checked with the defaults.' }),
  })
  .meta({
    description: 'Says what breaks in the next EKS version and by when, and carries the upgrade out.',
  });
export type Upgrade = z.output<typeof Upgrade>;
export type UpgradeSettings = z.output<typeof Cluster>;
export type IgnoreRule = z.output<typeof Ignore>;

/** The settings of an environment that the section does not name. */
export const defaultUpgradeSettings = (): UpgradeSettings => Cluster.parse({});
