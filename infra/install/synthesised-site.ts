import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import type { Configuration } from '../../functions/records/configuration.ts';
import { stackName } from '../../functions/records/stack-name.ts';
import { addSites } from '../sites.ts';

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });
const Template = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) });

/** Counts the resources that a site's stack consists of, by type, from its synthesised template. */
export const countResources = (configuration: Configuration, site: string): ReadonlyMap<string, number> => {
  const file = new URL('../../cdk.json', import.meta.url);
  const { context } = CdkJson.parse(JSON.parse(readFileSync(file, 'utf8')));
  const outdir = mkdtempSync(path.join(tmpdir(), 'drydock-install-'));
  try {
    const app = new App({ context, outdir, builtinCloudFormationValidation: false });
    addSites(app, configuration);
    const { template } = app.synth().getStackByName(stackName(site));
    const types = Object.values(Template.parse(template).Resources).map(({ Type }) => Type);
    const counts = Map.groupBy(types.toSorted(), (type) => type);
    return new Map([...counts].map(([type, equal]) => [type, equal.length]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};
