import { DescribeLaunchTemplateVersionsCommand, type LaunchTemplateVersion } from '@aws-sdk/client-ec2';
import { RefusedError } from '../../runtime/errors.ts';
import type { LaunchTemplateAnswer } from '../aws-account.ts';
import { callEc2 } from './ec2-client.ts';

/**
 * DescribeLaunchTemplateVersions: the version in use, the newest and the default one. Undefined when the template or
 * the version in use is gone.
 *
 * @param used a number, as EKS names the version that a node group runs.
 */
export const readLaunchTemplate = async (
  region: string,
  id: string,
  used: string,
  signal?: AbortSignal,
): Promise<LaunchTemplateAnswer | undefined> => {
  const question = { operation: 'DescribeLaunchTemplateVersions', about: `launch template ${id}`, region };
  try {
    return await callEc2(question, signal, async ({ client, options }) => {
      const input = { LaunchTemplateId: id, Versions: [...new Set([used, '$Latest', '$Default'])] };
      const answer = await client.send(new DescribeLaunchTemplateVersionsCommand(input), options);
      return normaliseVersions(answer.LaunchTemplateVersions ?? [], used);
    });
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'aws.missing') return undefined;
    throw error;
  }
};

const normaliseVersions = (
  versions: readonly LaunchTemplateVersion[],
  used: string,
): LaunchTemplateAnswer | undefined => {
  const newest = versions.toSorted((a, b) => (b.VersionNumber ?? 0) - (a.VersionNumber ?? 0))[0];
  const standard = versions.find(({ DefaultVersion }) => DefaultVersion === true);
  const running = findUsed(versions, used, { $Latest: newest, $Default: standard });
  if (!newest || !running) return undefined;
  return {
    newest: String(newest.VersionNumber),
    default: String(standard?.VersionNumber ?? newest.VersionNumber),
    customAmi: (running.LaunchTemplateData?.ImageId ?? '') !== '',
  };
};

/** The version by its number, or by the name that stands for one. */
const findUsed = (
  versions: readonly LaunchTemplateVersion[],
  used: string,
  named: Readonly<Record<string, LaunchTemplateVersion | undefined>>,
): LaunchTemplateVersion | undefined =>
  named[used] ?? versions.find(({ VersionNumber }) => String(VersionNumber) === used);
