import {
  type App,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  Tags,
} from 'aws-cdk-lib';
import type { Configuration } from '../functions/records/configuration.ts';
import { checkCompliance } from './constructs/compliance.ts';
import { DrydockStack } from './drydock-stack.ts';
import type { NamedSite } from './site.ts';
import { isLeftOut } from './stage.ts';

/** Fills a CDK app with one self-contained stack for each site of the configuration. */
export const addSites = (app: App, configuration: Configuration): DrydockStack[] => {
  if (!isLeftOut(app, 'compliance')) checkCompliance(app);
  return Object.entries(configuration.sites).map(([name, site]) => {
    const stack = new DrydockStack(app, `drydock-${name}`, {
      description: `Drydock, site ${name}`,
      env: { account: site.account, region: site.region },
      synthesizer: makeSynthesizer(app, site),
      site: { ...site, name },
      configuration,
    });
    Tags.of(stack).add('drydock:site', name);
    return stack;
  });
};

const makeSynthesizer = (app: App, { bootstrapQualifier }: Omit<NamedSite, 'name'>): IStackSynthesizer => {
  const qualifier = bootstrapQualifier === undefined ? {} : { qualifier: bootstrapQualifier };
  const synthesizer = isLeftOut(app, 'stagedAssets')
    ? new CliCredentialsStackSynthesizer(qualifier)
    : new DefaultStackSynthesizer(qualifier);
  // CDK declares an optional member here and gives `undefined` there, which the compiler tells apart.
  return synthesizer as IStackSynthesizer;
};
