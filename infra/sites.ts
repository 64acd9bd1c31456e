import { type App, DefaultStackSynthesizer, type IStackSynthesizer, Tags } from 'aws-cdk-lib';
import type { Configuration } from '../functions/records/configuration.ts';
import { stackName } from '../functions/records/stack-name.ts';
import { checkCompliance } from './constructs/compliance.ts';
import { DrydockStack } from './drydock-stack.ts';
import type { NamedSite } from './site.ts';

/** Fills a CDK app with one self-contained stack for each site of the configuration. */
export const addSites = (app: App, configuration: Configuration): DrydockStack[] => {
  checkCompliance(app);
  return Object.entries(configuration.sites).map(([name, site]) => {
    const stack = new DrydockStack(app, stackName(name), {
      description: `Drydock, site ${name}`,
      env: { account: site.account, region: site.region },
      synthesizer: makeSynthesizer(site),
      site: { ...site, name },
      configuration,
    });
    Tags.of(stack).add('drydock:site', name);
    return stack;
  });
};

/** How stacks are deployed: by the roles of the bootstrap. */
export const makeSynthesizer = ({
  bootstrapQualifier,
}: Pick<NamedSite, 'bootstrapQualifier'>): IStackSynthesizer => {
  const qualifier = bootstrapQualifier === undefined ? {} : { qualifier: bootstrapQualifier };
  const synthesizer = new DefaultStackSynthesizer(qualifier);
  // CDK declares an optional member here and gives `undefined` there, which the compiler tells apart.
  return synthesizer as IStackSynthesizer;
};
