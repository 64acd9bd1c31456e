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

/** What an update is about: `add-on coredns`, `node group blue`, `the cluster`. Its type tells the two apart. */
export const subjectOfUpdate = ({ type, about }: Pick<UpdateFact, 'type' | 'about'>): string => {
  if (about === undefined) return 'the cluster';
  return type === 'AddonUpdate' ? `add-on ${about}` : `node group ${about}`;
};

/** The command that shows an update, whatever it is about. */
export const describeUpdate = (
  { id, type, about }: Pick<UpdateFact, 'id' | 'type' | 'about'>,
  { cluster, region }: Pick<StepContext, 'cluster' | 'region'>,
): string => {
  const option = type === 'AddonUpdate' ? '--addon-name' : '--nodegroup-name';
  return [
    `aws eks describe-update --region ${region} --name ${cluster} --update-id ${id}`,
    ...(about === undefined ? [] : [`${option} ${about}`]),
  ].join(' ');
};
