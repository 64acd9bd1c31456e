import { examine } from '../../functions/commands/doctor/examination.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { type HealthyWorld, openInstruments } from './fake-instruments.ts';

/** A drydock.yaml with one of each. */
export const FILE = {
  version: 1,
  sites: {
    main: { account: '123456789012', region: 'eu-central-1', webhook: { exposure: 'public' } },
  },
  environments: { staging: { cluster: { name: 'shop' } } },
  registries: {
    gitlab: { host: 'registry.example.com', credentials: { secret: 'drydock/registry' } },
  },
  sources: {
    hook: { kind: 'distribution', registry: 'gitlab', auth: { type: 'bearer', secret: 'drydock/hook' } },
  },
  deployment: {
    targets: {
      web: {
        environment: 'staging',
        workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
        container: 'web',
        image: 'registry.example.com/shop/web',
        policy: { type: 'digest', tag: 'latest' },
      },
    },
  },
};
export const PRIVATE_NETWORK = { vpc: 'vpc-1', subnets: ['subnet-1'], securityGroups: ['sg-1'] };

/** Runs all checks of that file against a world. */
export const look = (world: HealthyWorld, changes: { site?: object } = {}) => {
  const main = { ...FILE.sites.main, ...changes.site };
  const configuration = Configuration.parse({ ...FILE, sites: { main } });
  return examine(configuration, ['main'], openInstruments(world));
};

/** The row of one check. */
export const findCheck = async (
  world: HealthyWorld,
  subject: string,
  check: string,
  changes: { site?: object } = {},
) => {
  const row = (await look(world, changes)).find((one) => one.subject === subject && one.check === check);
  if (!row) throw new Error(`no check ${check} of ${subject}`);
  return row;
};
