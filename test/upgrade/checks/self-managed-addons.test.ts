import { selfManagedAddons } from '../../../functions/upgrade/checks/self-managed-addons.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildAddon, buildWorkloadFact, topicOf } from '../../support/upgrade-facts.ts';

const CNI = '602401143452.dkr.ecr.eu-central-1.amazonaws.com/amazon-k8s-cni:v1.20.4-eksbuild.1';
const running = (...images: string[]) => ({
  workloads: topicOf(
    buildWorkloadFact({ kind: 'DaemonSet', namespace: 'kube-system', name: 'aws-node', images }),
  ),
});

describeCheck(selfManagedAddons, [
  { it: 'passes what is an add-on of EKS', given: running(CNI), finds: [] },
  {
    it: 'warns of the VPC CNI that is none',
    given: { ...running(CNI), addons: topicOf(buildAddon({ name: 'coredns' })) },
    finds: ['warn self-managed vpc-cni'],
    says: [`DaemonSet kube-system/aws-node: ${CNI}`, '--addon-name vpc-cni --kubernetes-version 1.36'],
  },
  ...['coredns', 'kube-proxy', 'aws-ebs-csi-driver', 'aws-efs-csi-driver'].map((name) => ({
    it: `knows ${name} under any registry`,
    given: running(`mirror.example.com:5000/eks/${name}:v1.0.0`),
    finds: [`warn self-managed ${name}`],
  })),
  { it: 'does not take an image of another name for one', given: running('shop/my-coredns:1'), finds: [] },
  {
    it: 'says one thing of two workloads with the same',
    given: {
      workloads: topicOf(
        buildWorkloadFact({ name: 'a', images: ['coredns/coredns:1.12.0'] }),
        buildWorkloadFact({ name: 'b', images: ['coredns/coredns:1.11.0'] }),
      ),
    },
    finds: ['warn self-managed coredns'],
    says: ['shop/a', 'shop/b'],
  },
]);
