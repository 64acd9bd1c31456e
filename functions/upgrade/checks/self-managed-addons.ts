import { defineCheck } from '../check.ts';
import { readImage } from './rules/image-reference.ts';
import { nameWorkload } from './rules/subject.ts';

/** Images of what EKS offers as an add-on, by the end of their path, and the add-on's name. */
const ADDON_IMAGES: Readonly<Record<string, string>> = {
  'amazon-k8s-cni': 'vpc-cni',
  coredns: 'coredns',
  'kube-proxy': 'kube-proxy',
  'aws-ebs-csi-driver': 'aws-ebs-csi-driver',
  'aws-efs-csi-driver': 'aws-efs-csi-driver',
};

/** What runs without being an add-on of EKS: neither EKS nor an upgrade by Drydock moves it, or says what it needs. */
export const selfManagedAddons = defineCheck({
  code: 'self-managed-addons',
  title: 'What EKS offers as an add-on is one, so that EKS knows whether it runs with the new version',
  reads: ['workloads', 'addons'],
  judge: ({ workloads, addons }, { to, region }) => {
    const managed = new Set(addons.map(({ name }) => name));
    const found = workloads.flatMap((workload) =>
      workload.images.flatMap((image) => {
        const addon = ADDON_IMAGES[readImage(image).path.split('/').at(-1) ?? ''];
        return addon === undefined || managed.has(addon) ? [] : [{ addon, image, workload }];
      }),
    );
    return [...Map.groupBy(found, ({ addon }) => addon)].map(([addon, same]) => ({
      result: 'warn',
      subject: `self-managed ${addon}`,
      message: `It runs without being an add-on of EKS, so nothing tells whether it runs with ${to}, and no update of add-ons moves it.`,
      remedy: {
        text: `Compare its version with those that EKS offers for ${to}, and move it by what installed it, or make it an add-on.`,
        command: `aws eks describe-addon-versions --region ${region} --addon-name ${addon} --kubernetes-version ${to} --query 'addons[].addonVersions[].addonVersion'`,
        link: 'https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html',
      },
      evidence: same.map(({ image, workload }) => `${nameWorkload(workload)}: ${image}`),
    }));
  },
});
