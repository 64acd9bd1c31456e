import type { UpdateFact } from '../../../records/upgrade/aws-facts.ts';
import type { StepContext } from '../../check.ts';

/** An `aws eks` command about the cluster of this check, ready to be pasted. Options go in the order given. */
export const eksCommand = (
  verb: string,
  options: Readonly<Record<string, string>>,
  { cluster, region }: Pick<StepContext, 'cluster' | 'region'>,
): string =>
  [
    `aws eks ${verb} --region ${region}`,
    verb === 'describe-cluster' ? `--name ${cluster}` : `--cluster-name ${cluster}`,
    ...Object.entries(options).map(([name, value]) => `--${name} ${value}`),
  ].join(' ');

/** The command that shows an update, whether it is about the cluster, an add-on or a node group. */
export const describeUpdate = (
  { id, about }: Pick<UpdateFact, 'id' | 'about'>,
  { cluster, region }: Pick<StepContext, 'cluster' | 'region'>,
): string => {
  const [, kind, name] = /^(add-on|node group) (.+)$/.exec(about ?? '') ?? [];
  const option = kind === 'add-on' ? ` --addon-name ${name}` : ` --nodegroup-name ${name}`;
  return `aws eks describe-update --region ${region} --name ${cluster} --update-id ${id}${kind === undefined ? '' : option}`;
};
