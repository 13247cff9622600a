// Generated from schemas/ by scripts/generate.mjs: do not edit.
import type { ObjectMeta, OwnerReference, ManagedFieldsEntry } from './object.ts';
export type { ObjectMeta, OwnerReference, ManagedFieldsEntry };
import type { Status } from './status-error.ts';
export type { Status };

/** An application: one command or container image, run in some number of copies and kept running. tepui turns an App into a Deployment with the same name, which it owns: edit the App, and look at the Deployment, its ReplicaSets and Pods to follow a rollout. The shortest useful App has a name and a command or an image. */
export type App = {
  /** Group and version of this form of the object: `tepui.dev/v1`. */
  readonly "apiVersion": "tepui.dev/v1";
  /** What the object is: `App`. */
  readonly "kind": "App";
  /** Name, namespace, labels and annotations. The name is a DNS label of at most 63 characters and becomes the name of the Deployment. */
  readonly "metadata": ObjectMeta;
  /** What should run. */
  readonly "spec": AppSpec;
  /** What does run, filled in by the cluster. */
  readonly "status"?: AppStatus;
};

export type AppEnvValue = string | {
  /** A key of a ConfigMap in the same namespace. */
  readonly "configMapKeyRef"?: ConfigMapKeySelector;
  /** A key of a Secret in the same namespace. */
  readonly "secretKeyRef"?: SecretKeySelector;
  /** A field of the Pod, such as `metadata.name`, `spec.nodeName` or `status.podIP`. */
  readonly "fieldRef"?: ObjectFieldSelector;
  /** A request or limit of the container, such as `limits.memory`. */
  readonly "resourceFieldRef"?: ResourceFieldSelector;
};

/** A list of Apps. */
export type AppList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "tepui.dev/v1";
  /** What this is: `AppList`. */
  readonly "kind": "AppList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
  /** The objects. */
  readonly "items": readonly (App)[];
};

/** Restricts the nodes on which copies may run. */
export type AppPlacement = {
  /** Labels that a node must have, all of them. */
  readonly "nodeSelector"?: Readonly<Record<string, string>>;
  /** Taints of nodes that copies put up with. */
  readonly "tolerations"?: readonly (Toleration)[];
  /** Rules beyond equality: sets of values, comparisons, preferences with a weight. */
  readonly "affinity"?: Affinity;
};

/** A port on which the App listens. */
export type AppPort = {
  /** A short name by which probes refer to the port. Default for the first: `http`. A name has at most 15 of a-z, 0-9 and `-`, a letter among them. */
  readonly "name"?: string;
  /** The number on which the process listens. */
  readonly "containerPort": number;
  /** The number under which other applications reach it. Default: containerPort. */
  readonly "port"?: number;
  /** A fixed port of the node that leads to the container; two copies with the same one cannot share a node. 0 or absent: none. */
  readonly "hostPort"?: number;
  /** Transport protocol. Default: `TCP`. */
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
};

/** Numbers of copies. */
export type AppReplicaCounts = {
  /** Copies asked for. */
  readonly "desired"?: number;
  /** Copies of the newest revision. */
  readonly "updated"?: number;
  /** Copies that are ready. */
  readonly "ready"?: number;
  /** Copies that have been ready for `minReadySeconds`. */
  readonly "available"?: number;
  /** Copies still missing until everything asked for is available. */
  readonly "unavailable"?: number;
};

/** The pace of a rolling update. Numbers, or percentages of `replicas`; not both may be 0. */
export type AppRollingUpdate = {
  /** How many copies there may be beyond `replicas`. Percentages are rounded up. Default: 25%. */
  readonly "maxSurge"?: IntOrString;
  /** How many copies may be missing from `replicas`. Percentages are rounded down. Default: 0. */
  readonly "maxUnavailable"?: IntOrString;
};

/** The wish for an App. A change of image, command, args, env, resources, ports or volumes starts new copies and retires the old ones according to `strategy`; other fields take effect without a restart where that is possible. */
export type AppSpec = {
  /** Container image, for example `nginx:1.29` or `registry.example.com/shop/web@sha256:…`. Without an image the command runs as a process with the node's file system as a read-only view and a directory of its own for writing. */
  readonly "image"?: string;
  /** When to fetch the image. Default: `Always` for the tag `latest` or no tag, `IfNotPresent` otherwise. */
  readonly "imagePullPolicy"?: "Always" | "IfNotPresent" | "Never";
  /** What to execute. A list is executed as it stands; a text is handed to a shell: `command: date; sleep 5` means `/bin/sh -c "date; sleep 5"`. Default: the entry point of the image. Needed when there is no image. */
  readonly "command"?: string | readonly string[];
  /** Arguments for the command; without a command, for the entry point of the image in place of its own arguments. */
  readonly "args"?: readonly (string)[];
  /** Environment variables as a map from name to text, or from name to a source such as `secretKeyRef`. Numbers and booleans must be quoted. The list form of a Pod (`- name: … value: …`) is accepted as well. */
  readonly "env"?: Readonly<Record<string, AppEnvValue>> | readonly EnvVar[];
  /** How much CPU, memory and other resources each copy needs (`requests`) and may use at most (`limits`). Copies are placed only on nodes that have their requests free; one that goes over its memory limit is killed and restarted. Default: 100m of CPU and 128Mi of memory, memory limited to the request, CPU not limited. */
  readonly "resources"?: ResourceRequirements;
  /** How many copies to run. 0 stops the App but keeps it. Default: 1. */
  readonly "replicas"?: number;
  /** Ports on which the App listens. */
  readonly "ports"?: readonly (AppPort)[];
  /** How to find out whether a copy may get traffic and counts as available. While it fails, a rollout waits. */
  readonly "readinessProbe"?: Probe;
  /** How to find out whether a running copy still works. When it fails `failureThreshold` times in a row, the copy is restarted. */
  readonly "livenessProbe"?: Probe;
  /** Holds back the other two probes until it has succeeded once; for programs that take long to start. */
  readonly "startupProbe"?: Probe;
  /** Seconds between the polite signal (SIGTERM) and the final one (SIGKILL) when a copy is stopped. Default: 30. */
  readonly "terminationGracePeriodSeconds"?: number;
  /** How old copies are replaced by new ones. Default: one after another or a quarter at a time, new before old, so that none is missing meanwhile. */
  readonly "strategy"?: AppStrategy;
  /** Seconds for which a new copy must be ready without a crash before it counts as available. Default: 10. */
  readonly "minReadySeconds"?: number;
  /** Seconds after which a rollout that makes no progress is reported as failed in the condition `Progressing`. Default: 600. */
  readonly "progressDeadlineSeconds"?: number;
  /** How many old revisions are kept for `rollout undo`. Default: 10. */
  readonly "revisionHistoryLimit"?: number;
  /** On which nodes copies may run. Default: any node that is ready and has room. */
  readonly "placement"?: AppPlacement;
  /** Directories that are mounted into each copy, each with its content and its place. */
  readonly "volumes"?: readonly (AppVolume)[];
};

/** What is known about a running App. */
export type AppStatus = {
  /** The `metadata.generation` that this status speaks of; while it is smaller, the last change has not been seen yet. */
  readonly "observedGeneration"?: number;
  /** Number of the revision that is being rolled out or is running. */
  readonly "revision"?: number;
  /** Label selector, as text, that matches the Pods of this App. */
  readonly "selector"?: string;
  /** Copies by state. */
  readonly "replicas"?: AppReplicaCounts;
  /** What holds at present: `Available` (enough copies serve), `Progressing` (a rollout advances or is done), `Synced` (the Deployment is as the App says). */
  readonly "conditions"?: readonly (Condition)[];
};

/** How old copies are replaced by new ones. */
export type AppStrategy = {
  /** A few at a time (`RollingUpdate`, the default), or all at once after stopping the old ones (`Recreate`). */
  readonly "type"?: "RollingUpdate" | "Recreate";
  /** How many at a time, for `RollingUpdate`. */
  readonly "rollingUpdate"?: AppRollingUpdate;
};

/** A directory that is mounted into each copy: exactly one of `emptyDir`, `configMap` and `secret` says what is in it. */
export type AppVolume = {
  /** Name of the volume, unique within the App. */
  readonly "name": string;
  /** Absolute path of the directory as the process sees it. */
  readonly "mountPath": string;
  /** Whether the process may only read. Default: false. */
  readonly "readOnly"?: boolean;
  /** An empty directory that lives as long as the Pod: scratch space that survives restarts of the process. */
  readonly "emptyDir"?: EmptyDirVolumeSource;
  /** One file per key of a ConfigMap. */
  readonly "configMap"?: ConfigMapVolumeSource;
  /** One file per key of a Secret. */
  readonly "secret"?: SecretVolumeSource;
};

/** Keeps a number of equal Pods running and replaces them step by step when their pattern changes. Each version of the pattern gets a ReplicaSet, so that a rollout can be undone. */
export type Deployment = {
  /** Group and version of this form of the object: `apps/v1`. */
  readonly "apiVersion": "apps/v1";
  /** What the object is: `Deployment`. */
  readonly "kind": "Deployment";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** What should run, and how changes are rolled out. */
  readonly "spec"?: DeploymentSpec;
  /** What does run. */
  readonly "status"?: DeploymentStatus;
};

/** One statement about a Deployment. */
export type DeploymentCondition = {
  /** When `status` last changed. */
  readonly "lastTransitionTime"?: Time;
  /** When anything in the statement last changed. */
  readonly "lastUpdateTime"?: Time;
  /** Why, for people. */
  readonly "message"?: string;
  /** Why, as one word, such as `NewReplicaSetAvailable` or `ProgressDeadlineExceeded`. */
  readonly "reason"?: string;
  /** Whether it holds: `True`, `False` or `Unknown`. */
  readonly "status": string;
  /** What it is about: `Available`, `Progressing` or `ReplicaFailure`. */
  readonly "type": string;
};

/** A list of Deployment objects. */
export type DeploymentList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "apps/v1";
  /** The objects. */
  readonly "items": readonly (Deployment)[];
  /** What this is: `DeploymentList`. */
  readonly "kind": "DeploymentList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** The Pods are made from `template`; a change of it is rolled out as `strategy` says. */
export type DeploymentSpec = {
  /** Seconds for which a new Pod must be ready before it counts as available. Default: 0. */
  readonly "minReadySeconds"?: number;
  /** Whether rollouts are on hold. Changes of the template wait until it is false again. */
  readonly "paused"?: boolean;
  /** Seconds without progress after which a rollout is reported as failed. Default: 600. */
  readonly "progressDeadlineSeconds"?: number;
  /** How many Pods to run. Default: 1. */
  readonly "replicas"?: number;
  /** How many old ReplicaSets are kept for `rollout undo`. Default: 10. */
  readonly "revisionHistoryLimit"?: number;
  /** Which Pods belong to the Deployment. Must match the labels of the template; cannot be changed. */
  readonly "selector": LabelSelector;
  /** How old Pods are replaced by new ones. */
  readonly "strategy"?: DeploymentStrategy;
  /** The pattern of the Pods. A change of it starts a rollout. */
  readonly "template": PodTemplateSpec;
};

/** What is known about a Deployment. */
export type DeploymentStatus = {
  /** Pods that have been ready for `minReadySeconds`. */
  readonly "availableReplicas"?: number;
  /** How often the name of a new ReplicaSet was taken already. */
  readonly "collisionCount"?: number;
  /** What holds: `Available`, `Progressing`, `ReplicaFailure`. */
  readonly "conditions"?: readonly (DeploymentCondition)[];
  /** The `metadata.generation` that this status speaks of. */
  readonly "observedGeneration"?: number;
  /** Pods that are ready. */
  readonly "readyReplicas"?: number;
  /** Pods of all versions. */
  readonly "replicas"?: number;
  /** Pods that are stopping. */
  readonly "terminatingReplicas"?: number;
  /** Pods still missing until everything asked for is available. */
  readonly "unavailableReplicas"?: number;
  /** Pods of the newest version. */
  readonly "updatedReplicas"?: number;
};

/** How old Pods are replaced by new ones. */
export type DeploymentStrategy = {
  /** How many at a time, for `RollingUpdate`. */
  readonly "rollingUpdate"?: RollingUpdateDeployment;
  /** A few at a time (`RollingUpdate`, the default), or all at once after stopping the old ones (`Recreate`). */
  readonly "type"?: "RollingUpdate" | "Recreate";
};

/** Keeps a number of equal Pods running. Usually made by a Deployment, which has one for each version of its Pods. */
export type ReplicaSet = {
  /** Group and version of this form of the object: `apps/v1`. */
  readonly "apiVersion": "apps/v1";
  /** What the object is: `ReplicaSet`. */
  readonly "kind": "ReplicaSet";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** What should run. */
  readonly "spec"?: ReplicaSetSpec;
  /** What does run. */
  readonly "status"?: ReplicaSetStatus;
};

/** One statement about a ReplicaSet. */
export type ReplicaSetCondition = {
  /** When `status` last changed. */
  readonly "lastTransitionTime"?: Time;
  /** Why, for people. */
  readonly "message"?: string;
  /** Why, as one word. */
  readonly "reason"?: string;
  /** Whether it holds: `True`, `False` or `Unknown`. */
  readonly "status": string;
  /** What it is about, such as `ReplicaFailure`. */
  readonly "type": string;
};

/** A list of ReplicaSet objects. */
export type ReplicaSetList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "apps/v1";
  /** The objects. */
  readonly "items": readonly (ReplicaSet)[];
  /** What this is: `ReplicaSetList`. */
  readonly "kind": "ReplicaSetList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** Missing Pods are made from `template`, superfluous ones are deleted. */
export type ReplicaSetSpec = {
  /** Seconds for which a Pod must be ready before it counts as available. Default: 0. */
  readonly "minReadySeconds"?: number;
  /** How many Pods to run. Default: 1. */
  readonly "replicas"?: number;
  /** Which Pods belong to it. Must match the labels of the template; cannot be changed. */
  readonly "selector": LabelSelector;
  /** The pattern for Pods that are missing. Existing ones are not changed. */
  readonly "template"?: PodTemplateSpec;
};

/** What is known about a ReplicaSet. */
export type ReplicaSetStatus = {
  /** Pods that have been ready for `minReadySeconds`. */
  readonly "availableReplicas"?: number;
  /** What holds, such as `ReplicaFailure`. */
  readonly "conditions"?: readonly (ReplicaSetCondition)[];
  /** Pods with all labels of the template. */
  readonly "fullyLabeledReplicas"?: number;
  /** The `metadata.generation` that this status speaks of. */
  readonly "observedGeneration"?: number;
  /** Pods that are ready. */
  readonly "readyReplicas"?: number;
  /** Pods that there are. */
  readonly "replicas": number;
  /** Pods that are stopping. */
  readonly "terminatingReplicas"?: number;
};

/** The pace of a rolling update. Numbers, or percentages of `replicas`; not both may be 0. */
export type RollingUpdateDeployment = {
  /** How many Pods there may be beyond `replicas`. Percentages are rounded up. Default: 25%. */
  readonly "maxSurge"?: IntOrString;
  /** How many Pods may be missing from `replicas`. Percentages are rounded down. Default: 25%. */
  readonly "maxUnavailable"?: IntOrString;
};

/** The number of copies of something, whatever its kind. Read and written at the subresource `scale`. */
export type Scale = {
  /** Group and version of this form of the object: `autoscaling/v1`. */
  readonly "apiVersion": "autoscaling/v1";
  /** What the object is: `Scale`. */
  readonly "kind": "Scale";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** How many copies there should be. */
  readonly "spec"?: ScaleSpec;
  /** How many there are. */
  readonly "status"?: ScaleStatus;
};

/** How many copies there should be. */
export type ScaleSpec = {
  /** The number. */
  readonly "replicas"?: number;
};

/** How many copies there are. */
export type ScaleStatus = {
  /** The number. */
  readonly "replicas": number;
  /** Label selector, as text, of the Pods that are counted. */
  readonly "selector"?: string;
};

/** Says who holds something and until when: leadership, or a node's sign of life. */
export type Lease = {
  /** Group and version of this form of the object: `coordination.k8s.io/v1`. */
  readonly "apiVersion": "coordination.k8s.io/v1";
  /** What the object is: `Lease`. */
  readonly "kind": "Lease";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** Who, and until when. */
  readonly "spec"?: LeaseSpec;
};

/** A list of Lease objects. */
export type LeaseList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "coordination.k8s.io/v1";
  /** The objects. */
  readonly "items": readonly (Lease)[];
  /** What this is: `LeaseList`. */
  readonly "kind": "LeaseList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** Who holds a Lease, and until when. */
export type LeaseSpec = {
  /** When it was taken. */
  readonly "acquireTime"?: MicroTime;
  /** Who holds it. */
  readonly "holderIdentity"?: string;
  /** How long after `renewTime` others have to wait. */
  readonly "leaseDurationSeconds"?: number;
  /** How often it has changed hands. */
  readonly "leaseTransitions"?: number;
  /** Who should get it next. */
  readonly "preferredHolder"?: string;
  /** When it was last renewed. */
  readonly "renewTime"?: MicroTime;
  /** How the next holder is chosen. */
  readonly "strategy"?: string;
};

/** An Amazon EBS disk. Not supported here. */
export type AWSElasticBlockStoreVolumeSource = {
  readonly "fsType"?: string;
  readonly "partition"?: number;
  readonly "readOnly"?: boolean;
  readonly "volumeID": string;
};

/** Rules for choosing a node. */
export type Affinity = {
  /** Which nodes, by their labels. */
  readonly "nodeAffinity"?: NodeAffinity;
  /** Near which Pods. */
  readonly "podAffinity"?: PodAffinity;
  /** Away from which Pods. */
  readonly "podAntiAffinity"?: PodAntiAffinity;
};

/** An AppArmor profile. */
export type AppArmorProfile = {
  /** Name of the profile, for `Localhost`. */
  readonly "localhostProfile"?: string;
  /** The runtime's own (`RuntimeDefault`), one loaded on the node (`Localhost`), or none (`Unconfined`). */
  readonly "type": "RuntimeDefault" | "Localhost" | "Unconfined";
};

/** A volume that is attached to a node. */
export type AttachedVolume = {
  /** Its device. */
  readonly "devicePath": string;
  /** Name of the volume. */
  readonly "name": string;
};

/** An Azure disk. Not supported here. */
export type AzureDiskVolumeSource = {
  readonly "cachingMode"?: string;
  readonly "diskName": string;
  readonly "diskURI": string;
  readonly "fsType"?: string;
  readonly "kind"?: string;
  readonly "readOnly"?: boolean;
};

/** An Azure file share. Not supported here. */
export type AzureFileVolumeSource = {
  readonly "readOnly"?: boolean;
  readonly "secretName": string;
  readonly "shareName": string;
};

/** Puts a Pod on a node. Posted to the subresource `binding` of the Pod. */
export type Binding = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Binding`. */
  readonly "kind": "Binding";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** The node. */
  readonly "target": ObjectReference;
};

/** A volume from a CSI driver. Not supported here. */
export type CSIVolumeSource = {
  readonly "driver": string;
  readonly "fsType"?: string;
  readonly "nodePublishSecretRef"?: LocalObjectReference;
  readonly "readOnly"?: boolean;
  readonly "volumeAttributes"?: Readonly<Record<string, string>>;
};

/** Linux capabilities, without the prefix `CAP_`. */
export type Capabilities = {
  /** Those to add. */
  readonly "add"?: readonly (string)[];
  /** Those to take away; `ALL` for all. */
  readonly "drop"?: readonly (string)[];
};

/** A CephFS directory. Not supported here. */
export type CephFSVolumeSource = {
  readonly "monitors": readonly (string)[];
  readonly "path"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretFile"?: string;
  readonly "secretRef"?: LocalObjectReference;
  readonly "user"?: string;
};

/** An OpenStack disk. Not supported here. */
export type CinderVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "volumeID": string;
};

/** How long a client stays with its Pod. */
export type ClientIPConfig = {
  /** Seconds, 1 to 86400. Default: 10800. */
  readonly "timeoutSeconds"?: number;
};

/** Certificates of trusted authorities within a projected volume. */
export type ClusterTrustBundleProjection = {
  /** Which of the signer's bundles. */
  readonly "labelSelector"?: LabelSelector;
  /** One bundle by name. */
  readonly "name"?: string;
  /** Whether the Pod starts even if none is there. */
  readonly "optional"?: boolean;
  /** Path of the file within the volume. */
  readonly "path": string;
  /** All bundles of one signer, in place of `name`. */
  readonly "signerName"?: string;
};

/** Settings for Pods, as keys and values that become environment variables or files. Not for secrets. */
export type ConfigMap = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** Keys and bytes in base64, for what is not text. */
  readonly "binaryData"?: Readonly<Record<string, string>>;
  /** Keys and texts. Keys consist of letters, digits, `-`, `_` and `.`. */
  readonly "data"?: Readonly<Record<string, string>>;
  /** Whether the contents can no longer be changed. Cannot be taken back. */
  readonly "immutable"?: boolean;
  /** What the object is: `ConfigMap`. */
  readonly "kind": "ConfigMap";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
};

/** A ConfigMap as a source of environment variables. */
export type ConfigMapEnvSource = {
  /** Name of the ConfigMap, in the namespace of the Pod. */
  readonly "name"?: string;
  /** Whether the container starts even if it does not exist. */
  readonly "optional"?: boolean;
};

/** One key of a ConfigMap. */
export type ConfigMapKeySelector = {
  /** The key. */
  readonly "key": string;
  /** Name of the ConfigMap, in the namespace of the Pod. */
  readonly "name"?: string;
  /** Whether the container starts even if the ConfigMap or the key does not exist. */
  readonly "optional"?: boolean;
};

/** A list of ConfigMap objects. */
export type ConfigMapList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (ConfigMap)[];
  /** What this is: `ConfigMapList`. */
  readonly "kind": "ConfigMapList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** No longer used. */
export type ConfigMapNodeConfigSource = {
  /** No longer used. */
  readonly "kubeletConfigKey": string;
  /** No longer used. */
  readonly "name": string;
  /** No longer used. */
  readonly "namespace": string;
  /** No longer used. */
  readonly "resourceVersion"?: string;
  /** No longer used. */
  readonly "uid"?: string;
};

/** Keys of a ConfigMap within a projected volume. */
export type ConfigMapProjection = {
  /** The keys to show. Default: all. */
  readonly "items"?: readonly (KeyToPath)[];
  /** Name of the ConfigMap. */
  readonly "name"?: string;
  /** Whether the Pod starts even if it does not exist. */
  readonly "optional"?: boolean;
};

/** The keys of a ConfigMap as files. */
export type ConfigMapVolumeSource = {
  /** Permission bits of the files, 0 to 511 (octal 0777). Default: 420 (octal 0644). */
  readonly "defaultMode"?: number;
  /** The keys to show and the paths for them. Default: every key under its own name. */
  readonly "items"?: readonly (KeyToPath)[];
  /** Name of the ConfigMap, in the namespace of the Pod. */
  readonly "name"?: string;
  /** Whether the Pod starts even if the ConfigMap or a key does not exist. */
  readonly "optional"?: boolean;
};

/** A process, or a tree of them, with its own file system, resources and environment. */
export type Container = {
  /** Arguments of the command. Default: those of the image, unless `command` is given. `$(NAME)` is replaced as in `command`. */
  readonly "args"?: readonly (string)[];
  /** What to execute, as a list; no shell is involved. Default: the entry point of the image. `$(NAME)` is replaced by an environment variable, `$$(NAME)` stands for itself. */
  readonly "command"?: readonly (string)[];
  /** Environment variables. They win over those of `envFrom`. */
  readonly "env"?: readonly (EnvVar)[];
  /** ConfigMaps and Secrets each of whose keys becomes an environment variable. A later one wins over an earlier. */
  readonly "envFrom"?: readonly (EnvFromSource)[];
  /** The image that the container runs, such as `nginx:1.29`. Without one the command runs with the node's file system as a read-only view. */
  readonly "image"?: string;
  /** When to fetch the image: each time (`Always`), when it is missing (`IfNotPresent`), or not at all (`Never`). Default: `Always` for the tag `latest` or none, otherwise `IfNotPresent`. */
  readonly "imagePullPolicy"?: "Always" | "IfNotPresent" | "Never";
  /** What to do after the start and before the stop. */
  readonly "lifecycle"?: Lifecycle;
  /** How to find out whether the container still works. After `failureThreshold` failures in a row it is restarted. */
  readonly "livenessProbe"?: Probe;
  /** Name of the container, a DNS label, unique within the Pod. */
  readonly "name": string;
  /** Ports on which the process listens, for the information of others. Leaving one out does not close it. */
  readonly "ports"?: readonly (ContainerPort)[];
  /** How to find out whether the container may receive traffic. While it fails, the Pod is not ready. */
  readonly "readinessProbe"?: Probe;
  /** Whether a change of resources restarts the container. */
  readonly "resizePolicy"?: readonly (ContainerResizePolicy)[];
  /** What the container needs (`requests`) and may use at most (`limits`). */
  readonly "resources"?: ResourceRequirements;
  /** Overrides the Pod's restart policy for this container. `Always` on an init container makes it run beside the others. */
  readonly "restartPolicy"?: "Always" | "OnFailure" | "Never";
  /** Exit codes for which the container is restarted or not, before `restartPolicy` is asked. */
  readonly "restartPolicyRules"?: readonly (ContainerRestartRule)[];
  /** User, capabilities and other privileges of the container. */
  readonly "securityContext"?: SecurityContext;
  /** Holds back the other probes until it has succeeded once. If it never does, the container is restarted. */
  readonly "startupProbe"?: Probe;
  /** Whether the standard input is kept open for `attach`. Otherwise reading it ends at once. */
  readonly "stdin"?: boolean;
  /** Whether the standard input closes for good when the first client detaches. */
  readonly "stdinOnce"?: boolean;
  /** File into which the process may write why it ended; shown in the status. Default: `/dev/termination-log`. */
  readonly "terminationMessagePath"?: string;
  /** Where that message comes from: the file (`File`, the default), or after a failure without one the end of the log (`FallbackToLogsOnError`). */
  readonly "terminationMessagePolicy"?: "File" | "FallbackToLogsOnError";
  /** Whether the container gets a terminal. Needs `stdin`. */
  readonly "tty"?: boolean;
  /** Block devices that the container gets. */
  readonly "volumeDevices"?: readonly (VolumeDevice)[];
  /** Where volumes of the Pod appear in the file system of the container. */
  readonly "volumeMounts"?: readonly (VolumeMount)[];
  /** Directory in which the process starts. Default: that of the image, or `/`. */
  readonly "workingDir"?: string;
};

/** Connects a container's resource with a request. */
export type ContainerExtendedResourceRequest = {
  /** Name of the container. */
  readonly "containerName": string;
  /** Name of the request in the claim. */
  readonly "requestName": string;
  /** Name of the resource. */
  readonly "resourceName": string;
};

/** An image that is on a node. */
export type ContainerImage = {
  /** Its names. */
  readonly "names"?: readonly (string)[];
  /** Its size. */
  readonly "sizeBytes"?: number;
};

/** A port on which a container listens. */
export type ContainerPort = {
  /** The number, 1 to 65535. */
  readonly "containerPort": number;
  /** The address of the node on which `hostPort` is open. Default: all. */
  readonly "hostIP"?: string;
  /** A port of the node that leads to this one. Two Pods with the same one cannot share a node. */
  readonly "hostPort"?: number;
  /** A short name, unique within the Pod, that probes and Services can refer to. */
  readonly "name"?: string;
  /** Transport protocol. Default: `TCP`. */
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
};

/** What a change of one resource means for a running container. */
export type ContainerResizePolicy = {
  /** The resource: `cpu` or `memory`. */
  readonly "resourceName": "cpu" | "memory";
  /** Whether the container must be restarted (`RestartContainer`) or keeps running (`NotRequired`). */
  readonly "restartPolicy": "NotRequired" | "RestartContainer";
};

/** A rule for what to do when a container ends. */
export type ContainerRestartRule = {
  /** What to do when the rule applies: `Restart` the container, or `RestartAllContainers` of the Pod. */
  readonly "action": "Restart" | "RestartAllContainers";
  /** The exit codes for which it applies. */
  readonly "exitCodes"?: ContainerRestartRuleOnExitCodes;
};

/** A set of exit codes. */
export type ContainerRestartRuleOnExitCodes = {
  /** `In`: one of the values; `NotIn`: any other. */
  readonly "operator": "In" | "NotIn";
  /** The exit codes, 0 to 255. */
  readonly "values"?: readonly (number)[];
};

/** What a container is doing: one of these. */
export type ContainerState = {
  /** It runs. */
  readonly "running"?: ContainerStateRunning;
  /** It has ended. */
  readonly "terminated"?: ContainerStateTerminated;
  /** It does not run yet, or not again yet. */
  readonly "waiting"?: ContainerStateWaiting;
};

/** A container that runs. */
export type ContainerStateRunning = {
  /** Since when. */
  readonly "startedAt"?: Time;
};

/** A container that has ended. */
export type ContainerStateTerminated = {
  /** Identity of the container. */
  readonly "containerID"?: string;
  /** Exit code of its first process; 128 plus the signal when one ended it. */
  readonly "exitCode": number;
  /** When it ended. */
  readonly "finishedAt"?: Time;
  /** What it left in its termination message, or why it ended. */
  readonly "message"?: string;
  /** Why, as one word: `Completed`, `Error`, `OOMKilled` or another. */
  readonly "reason"?: string;
  /** The signal that ended it. */
  readonly "signal"?: number;
  /** When it was started. */
  readonly "startedAt"?: Time;
};

/** A container that does not run yet. */
export type ContainerStateWaiting = {
  /** Why, for people. */
  readonly "message"?: string;
  /** Why, as one word, such as `ContainerCreating` or `CrashLoopBackOff`. */
  readonly "reason"?: string;
};

/** What is known about a container. */
export type ContainerStatus = {
  /** What is set aside for it. */
  readonly "allocatedResources"?: Readonly<Record<string, Quantity>>;
  /** State of its devices. */
  readonly "allocatedResourcesStatus"?: readonly (ResourceStatus)[];
  /** Identity of the container, such as `runc://…`. */
  readonly "containerID"?: string;
  /** The image that runs. */
  readonly "image": string;
  /** Identity of the image that runs. */
  readonly "imageID": string;
  /** How it ended before the last restart. */
  readonly "lastState"?: ContainerState;
  /** Name of the container. */
  readonly "name": string;
  /** Whether its readiness probe succeeds. */
  readonly "ready": boolean;
  /** Requests and limits that are in force. */
  readonly "resources"?: ResourceRequirements;
  /** How often it has been restarted. */
  readonly "restartCount": number;
  /** Whether its startup probe has succeeded and its start hook is done. */
  readonly "started"?: boolean;
  /** What it is doing. */
  readonly "state"?: ContainerState;
  /** The signal that stops it. */
  readonly "stopSignal"?: string;
  /** User and groups of its first process. */
  readonly "user"?: ContainerUser;
  /** Its mounts. */
  readonly "volumeMounts"?: readonly (VolumeMountStatus)[];
};

/** The user that a container runs as. */
export type ContainerUser = {
  /** User and groups on Linux. */
  readonly "linux"?: LinuxContainerUser;
};

/** A port. */
export type DaemonEndpoint = {
  /** The number. */
  readonly "Port": number;
};

/** Fields of the Pod within a projected volume. */
export type DownwardAPIProjection = {
  /** The files. */
  readonly "items"?: readonly (DownwardAPIVolumeFile)[];
};

/** A file that shows a field of the Pod. */
export type DownwardAPIVolumeFile = {
  /** The field: labels, annotations, name, namespace or uid. */
  readonly "fieldRef"?: ObjectFieldSelector;
  /** Permission bits of this file. */
  readonly "mode"?: number;
  /** Path of the file within the volume. */
  readonly "path": string;
  /** A request or limit of a container, in place of a field. */
  readonly "resourceFieldRef"?: ResourceFieldSelector;
};

/** Fields of the Pod as files. */
export type DownwardAPIVolumeSource = {
  /** Permission bits of the files. Default: 420 (octal 0644). */
  readonly "defaultMode"?: number;
  /** The files. */
  readonly "items"?: readonly (DownwardAPIVolumeFile)[];
};

/** An empty directory that lives as long as the Pod and survives restarts of its containers. */
export type EmptyDirVolumeSource = {
  /** Where it lies: on the node's disk (empty, the default) or in memory (`Memory`), where it counts as used memory. */
  readonly "medium"?: string;
  /** How much it may hold. */
  readonly "sizeLimit"?: Quantity;
};

/** An address behind a Service. */
export type EndpointAddress = {
  /** Its host name. */
  readonly "hostname"?: string;
  /** The address. */
  readonly "ip": string;
  /** The node that it is on. */
  readonly "nodeName"?: string;
  /** The object it belongs to, usually a Pod. */
  readonly "targetRef"?: ObjectReference;
};

/** A port behind a Service. */
export type EndpointPort = {
  /** The protocol spoken on it. */
  readonly "appProtocol"?: string;
  /** Name of the port, as in the Service. */
  readonly "name"?: string;
  /** The number. */
  readonly "port": number;
  /** Transport protocol. */
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
};

/** Addresses with the same ports. */
export type EndpointSubset = {
  /** Those that are ready. */
  readonly "addresses"?: readonly (EndpointAddress)[];
  /** Those that are not. */
  readonly "notReadyAddresses"?: readonly (EndpointAddress)[];
  /** The ports. */
  readonly "ports"?: readonly (EndpointPort)[];
};

/** The addresses behind a Service in the older form. See EndpointSlice. */
export type Endpoints = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Endpoints`. */
  readonly "kind": "Endpoints";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** Groups of addresses with the same ports. */
  readonly "subsets"?: readonly (EndpointSubset)[];
};

/** A list of Endpoints objects. */
export type EndpointsList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (Endpoints)[];
  /** What this is: `EndpointsList`. */
  readonly "kind": "EndpointsList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** A ConfigMap or Secret whose keys become environment variables. */
export type EnvFromSource = {
  /** The ConfigMap. */
  readonly "configMapRef"?: ConfigMapEnvSource;
  /** Put before each key. */
  readonly "prefix"?: string;
  /** The Secret. */
  readonly "secretRef"?: SecretEnvSource;
};

/** An environment variable. */
export type EnvVar = {
  /** Name of the variable. */
  readonly "name": string;
  /** Its value. `$(OTHER)` is replaced by a variable defined before it, `$$(OTHER)` stands for itself. Default: empty. */
  readonly "value"?: string;
  /** Where the value comes from instead. */
  readonly "valueFrom"?: EnvVarSource;
};

/** Where the value of an environment variable comes from: exactly one of these. */
export type EnvVarSource = {
  /** A key of a ConfigMap. */
  readonly "configMapKeyRef"?: ConfigMapKeySelector;
  /** A field of the Pod: `metadata.name`, `metadata.namespace`, `metadata.uid`, `metadata.labels['KEY']`, `metadata.annotations['KEY']`, `spec.nodeName`, `spec.serviceAccountName`, `status.hostIP`, `status.podIP`. */
  readonly "fieldRef"?: ObjectFieldSelector;
  /** A variable in a file of a volume. */
  readonly "fileKeyRef"?: FileKeySelector;
  /** A request or limit of a container. */
  readonly "resourceFieldRef"?: ResourceFieldSelector;
  /** A key of a Secret. */
  readonly "secretKeyRef"?: SecretKeySelector;
};

/** A container added for debugging to a Pod that runs already. It is never restarted and has no resources of its own. */
export type EphemeralContainer = {
  /** Arguments of the command. Default: those of the image, unless `command` is given. `$(NAME)` is replaced as in `command`. */
  readonly "args"?: readonly (string)[];
  /** What to execute, as a list; no shell is involved. Default: the entry point of the image. `$(NAME)` is replaced by an environment variable, `$$(NAME)` stands for itself. */
  readonly "command"?: readonly (string)[];
  /** Environment variables. They win over those of `envFrom`. */
  readonly "env"?: readonly (EnvVar)[];
  /** ConfigMaps and Secrets each of whose keys becomes an environment variable. A later one wins over an earlier. */
  readonly "envFrom"?: readonly (EnvFromSource)[];
  /** The image that the container runs, such as `nginx:1.29`. Without one the command runs with the node's file system as a read-only view. */
  readonly "image"?: string;
  /** When to fetch the image: each time (`Always`), when it is missing (`IfNotPresent`), or not at all (`Never`). Default: `Always` for the tag `latest` or none, otherwise `IfNotPresent`. */
  readonly "imagePullPolicy"?: "Always" | "IfNotPresent" | "Never";
  /** What to do after the start and before the stop. */
  readonly "lifecycle"?: Lifecycle;
  /** How to find out whether the container still works. After `failureThreshold` failures in a row it is restarted. */
  readonly "livenessProbe"?: Probe;
  /** Name of the container, a DNS label, unique within the Pod. */
  readonly "name": string;
  /** Ports on which the process listens, for the information of others. Leaving one out does not close it. */
  readonly "ports"?: readonly (ContainerPort)[];
  /** How to find out whether the container may receive traffic. While it fails, the Pod is not ready. */
  readonly "readinessProbe"?: Probe;
  /** Whether a change of resources restarts the container. */
  readonly "resizePolicy"?: readonly (ContainerResizePolicy)[];
  /** What the container needs (`requests`) and may use at most (`limits`). */
  readonly "resources"?: ResourceRequirements;
  /** Overrides the Pod's restart policy for this container. `Always` on an init container makes it run beside the others. */
  readonly "restartPolicy"?: "Always" | "OnFailure" | "Never";
  /** Exit codes for which the container is restarted or not, before `restartPolicy` is asked. */
  readonly "restartPolicyRules"?: readonly (ContainerRestartRule)[];
  /** User, capabilities and other privileges of the container. */
  readonly "securityContext"?: SecurityContext;
  /** Holds back the other probes until it has succeeded once. If it never does, the container is restarted. */
  readonly "startupProbe"?: Probe;
  /** Whether the standard input is kept open for `attach`. Otherwise reading it ends at once. */
  readonly "stdin"?: boolean;
  /** Whether the standard input closes for good when the first client detaches. */
  readonly "stdinOnce"?: boolean;
  /** The container whose processes it sees. */
  readonly "targetContainerName"?: string;
  /** File into which the process may write why it ended; shown in the status. Default: `/dev/termination-log`. */
  readonly "terminationMessagePath"?: string;
  /** Where that message comes from: the file (`File`, the default), or after a failure without one the end of the log (`FallbackToLogsOnError`). */
  readonly "terminationMessagePolicy"?: "File" | "FallbackToLogsOnError";
  /** Whether the container gets a terminal. Needs `stdin`. */
  readonly "tty"?: boolean;
  /** Block devices that the container gets. */
  readonly "volumeDevices"?: readonly (VolumeDevice)[];
  /** Where volumes of the Pod appear in the file system of the container. */
  readonly "volumeMounts"?: readonly (VolumeMount)[];
  /** Directory in which the process starts. Default: that of the image, or `/`. */
  readonly "workingDir"?: string;
};

/** A persistent volume that is made for the Pod and goes with it. */
export type EphemeralVolumeSource = {
  /** The claim to make. */
  readonly "volumeClaimTemplate"?: PersistentVolumeClaimTemplate;
};

/** Something that happened to an object. Repetitions are counted rather than listed; events disappear after a while. */
export type Event = {
  /** What was done about it. */
  readonly "action"?: string;
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** How often. */
  readonly "count"?: number;
  /** When it happened first, to the microsecond. */
  readonly "eventTime"?: MicroTime;
  /** When it happened first. */
  readonly "firstTimestamp"?: Time;
  /** What it happened to. */
  readonly "involvedObject": ObjectReference;
  /** What the object is: `Event`. */
  readonly "kind": "Event";
  /** When it happened last. */
  readonly "lastTimestamp"?: Time;
  /** What happened, for people. */
  readonly "message"?: string;
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** What happened, as one word, such as `Scheduled`. */
  readonly "reason"?: string;
  /** Another object that has to do with it. */
  readonly "related"?: ObjectReference;
  /** Who reported it, such as `tepui.dev/pod-framework`. */
  readonly "reportingComponent"?: string;
  /** Which instance of it. */
  readonly "reportingInstance"?: string;
  /** How often it has happened, for repeated events. */
  readonly "series"?: EventSeries;
  /** Who reported it. */
  readonly "source"?: EventSource;
  /** `Normal` or `Warning`. */
  readonly "type"?: string;
};

/** A list of Event objects. */
export type EventList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (Event)[];
  /** What this is: `EventList`. */
  readonly "kind": "EventList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** Repetitions of an event. */
export type EventSeries = {
  /** How often it has happened. */
  readonly "count"?: number;
  /** When it happened last. */
  readonly "lastObservedTime"?: MicroTime;
};

/** Who reported an event. */
export type EventSource = {
  /** The part of the system. */
  readonly "component"?: string;
  /** The node. */
  readonly "host"?: string;
};

/** Runs a command inside the container. */
export type ExecAction = {
  /** The command and its arguments. No shell is involved. */
  readonly "command"?: readonly (string)[];
};

/** A Fibre Channel disk. Not supported here. */
export type FCVolumeSource = {
  readonly "fsType"?: string;
  readonly "lun"?: number;
  readonly "readOnly"?: boolean;
  readonly "targetWWNs"?: readonly (string)[];
  readonly "wwids"?: readonly (string)[];
};

/** One variable in a file of a volume. */
export type FileKeySelector = {
  /** Name of the variable in the file. */
  readonly "key": string;
  /** Whether the container starts even if the file or the variable does not exist. */
  readonly "optional"?: boolean;
  /** Path of the file within the volume. */
  readonly "path": string;
  /** Name of the volume. */
  readonly "volumeName": string;
};

/** A volume from an executable plug-in. Not supported here. */
export type FlexVolumeSource = {
  readonly "driver": string;
  readonly "fsType"?: string;
  readonly "options"?: Readonly<Record<string, string>>;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
};

/** A Flocker dataset. Not supported here. */
export type FlockerVolumeSource = {
  readonly "datasetName"?: string;
  readonly "datasetUUID"?: string;
};

/** A Google Compute disk. Not supported here. */
export type GCEPersistentDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "partition"?: number;
  readonly "pdName": string;
  readonly "readOnly"?: boolean;
};

/** Calls the gRPC health service. */
export type GRPCAction = {
  /** Number of the port. */
  readonly "port": number;
  /** Name of the service to ask about. Default: empty, the server as a whole. */
  readonly "service"?: string;
};

/** A clone of a Git repository. Not supported here. */
export type GitRepoVolumeSource = {
  readonly "directory"?: string;
  readonly "repository": string;
  readonly "revision"?: string;
};

/** A GlusterFS directory. Not supported here. */
export type GlusterfsVolumeSource = {
  readonly "endpoints": string;
  readonly "path": string;
  readonly "readOnly"?: boolean;
};

/** Sends an HTTP GET request. */
export type HTTPGetAction = {
  /** Where to connect. Default: the address of the Pod. */
  readonly "host"?: string;
  /** Headers to send. */
  readonly "httpHeaders"?: readonly (HTTPHeader)[];
  /** Path of the URL. Default: `/`. */
  readonly "path"?: string;
  /** Number or name of the port. */
  readonly "port": IntOrString;
  /** `HTTP` (default) or `HTTPS`; certificates are not checked. */
  readonly "scheme"?: "HTTP" | "HTTPS";
};

/** A header of an HTTP request. */
export type HTTPHeader = {
  /** Name of the header. */
  readonly "name": string;
  /** Value of the header. */
  readonly "value": string;
};

/** A line of the hosts file. */
export type HostAlias = {
  /** The names for it. */
  readonly "hostnames"?: readonly (string)[];
  /** The address. */
  readonly "ip": string;
};

/** An address of a node. */
export type HostIP = {
  /** The address. */
  readonly "ip": string;
};

/** A file or directory of the node. It ties the Pod to what is there, and gives it access to the node. */
export type HostPathVolumeSource = {
  /** The path on the node. */
  readonly "path": string;
  /** What must be there, or is made: `DirectoryOrCreate`, `Directory`, `FileOrCreate`, `File`, `Socket`, `CharDevice`, `BlockDevice`; empty for no check. */
  readonly "type"?: "" | "DirectoryOrCreate" | "Directory" | "FileOrCreate" | "File" | "Socket" | "CharDevice" | "BlockDevice";
};

/** An iSCSI disk. Not supported here. */
export type ISCSIVolumeSource = {
  readonly "chapAuthDiscovery"?: boolean;
  readonly "chapAuthSession"?: boolean;
  readonly "fsType"?: string;
  readonly "initiatorName"?: string;
  readonly "iqn": string;
  readonly "iscsiInterface"?: string;
  readonly "lun": number;
  readonly "portals"?: readonly (string)[];
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "targetPortal": string;
};

/** The contents of an image, read-only. */
export type ImageVolumeSource = {
  /** When to fetch it: `Always`, `IfNotPresent` or `Never`. */
  readonly "pullPolicy"?: "Always" | "IfNotPresent" | "Never";
  /** The image. */
  readonly "reference"?: string;
};

/** What is known about an image volume. */
export type ImageVolumeStatus = {
  /** Identity of the image. */
  readonly "imageRef": string;
};

/** Shows a key as a file. */
export type KeyToPath = {
  /** The key. */
  readonly "key": string;
  /** Permission bits of this file, 0 to 511 (octal 0777). */
  readonly "mode"?: number;
  /** Path of the file within the volume: relative, without `..`. */
  readonly "path": string;
};

/** What to do at the beginning and at the end of a container's life. */
export type Lifecycle = {
  /** Done right after the start, beside the process. If it fails, the container is stopped. */
  readonly "postStart"?: LifecycleHandler;
  /** Done before the stop signal is sent. The grace period is already running. */
  readonly "preStop"?: LifecycleHandler;
  /** The signal that asks the process to stop. Default: that of the image, or SIGTERM. */
  readonly "stopSignal"?: string;
};

/** One action: exactly one of these. */
export type LifecycleHandler = {
  /** Runs a command in the container. */
  readonly "exec"?: ExecAction;
  /** Sends an HTTP request. */
  readonly "httpGet"?: HTTPGetAction;
  /** Waits. */
  readonly "sleep"?: SleepAction;
  /** No longer supported here; kept so that old files are accepted. */
  readonly "tcpSocket"?: TCPSocketAction;
};

/** User and groups of the first process of a container. */
export type LinuxContainerUser = {
  /** Group id. */
  readonly "gid": number;
  /** Further group ids. */
  readonly "supplementalGroups"?: readonly (number)[];
  /** User id. */
  readonly "uid": number;
};

/** An address of a load balancer. */
export type LoadBalancerIngress = {
  /** Its name. */
  readonly "hostname"?: string;
  /** Its address. */
  readonly "ip"?: string;
  /** How traffic arrives: at the address itself (`VIP`) or through a proxy (`Proxy`). */
  readonly "ipMode"?: string;
  /** State of its ports. */
  readonly "ports"?: readonly (PortStatus)[];
};

/** Where a load balancer is reached. */
export type LoadBalancerStatus = {
  /** Its addresses. */
  readonly "ingress"?: readonly (LoadBalancerIngress)[];
};

/** Names an object in the same namespace. */
export type LocalObjectReference = {
  /** Name of the object. */
  readonly "name"?: string;
};

/** A directory of an NFS server. Not supported here. */
export type NFSVolumeSource = {
  readonly "path": string;
  readonly "readOnly"?: boolean;
  readonly "server": string;
};

/** A separate space for names, and the role for which resources are shared out fairly: each has its weight and its quota. */
export type Namespace = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Namespace`. */
  readonly "kind": "Namespace";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** What may still have to be done before it can go. */
  readonly "spec"?: NamespaceSpec;
  /** Whether it is in use or on its way out. */
  readonly "status"?: NamespaceStatus;
};

/** One statement about a Namespace. */
export type NamespaceCondition = {
  /** When `status` last changed. */
  readonly "lastTransitionTime"?: Time;
  /** Why, for people. */
  readonly "message"?: string;
  /** Why, as one word. */
  readonly "reason"?: string;
  /** Whether it holds: `True`, `False` or `Unknown`. */
  readonly "status": string;
  /** What it is about, such as `NamespaceContentRemaining`. */
  readonly "type": string;
};

/** A list of Namespace objects. */
export type NamespaceList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (Namespace)[];
  /** What this is: `NamespaceList`. */
  readonly "kind": "NamespaceList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** What may still have to be done before a Namespace can go. */
export type NamespaceSpec = {
  /** Parties that have to clean up first; `kubernetes` stands for deleting everything in it. */
  readonly "finalizers"?: readonly (string)[];
};

/** The state of a Namespace. */
export type NamespaceStatus = {
  /** What holds up its deletion. */
  readonly "conditions"?: readonly (NamespaceCondition)[];
  /** `Active`, or `Terminating` while what is in it is being deleted. */
  readonly "phase"?: string;
};

/** A machine that runs Pods. The object appears when the machine's agent joins the cluster. */
export type Node = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Node`. */
  readonly "kind": "Node";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** What people decide about the node. */
  readonly "spec"?: NodeSpec;
  /** What its agent reports. */
  readonly "status"?: NodeStatus;
};

/** An address of a node. */
export type NodeAddress = {
  /** The address. */
  readonly "address": string;
  /** `InternalIP`, `ExternalIP`, `Hostname`, `InternalDNS` or `ExternalDNS`. */
  readonly "type": string;
};

/** Which nodes a Pod may or should run on. */
export type NodeAffinity = {
  /** What a node should satisfy: weights of the terms that hold are added up, and the highest sum wins. */
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (PreferredSchedulingTerm)[];
  /** What a node must satisfy for the Pod to be placed there. Later changes of labels do not remove it. */
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: NodeSelector;
};

/** A device claim that takes from the node's allocatable resources. */
export type NodeAllocatableResourceClaimStatus = {
  /** The containers that use it. */
  readonly "containers"?: readonly (string)[];
  /** Name of the ResourceClaim. */
  readonly "resourceClaimName": string;
  /** How much it takes. */
  readonly "resources": Readonly<Record<string, Quantity>>;
};

/** One statement about a node. */
export type NodeCondition = {
  /** When the agent last reported it. */
  readonly "lastHeartbeatTime"?: Time;
  /** When `status` last changed. */
  readonly "lastTransitionTime"?: Time;
  /** Why, for people. */
  readonly "message"?: string;
  /** Why, as one word. */
  readonly "reason"?: string;
  /** Whether it holds: `True`, `False`, or `Unknown` when the agent has not been heard of for a while. */
  readonly "status": string;
  /** What it is about, such as `Ready`. */
  readonly "type": string;
};

/** No longer used. */
export type NodeConfigSource = {
  /** No longer used. */
  readonly "configMap"?: ConfigMapNodeConfigSource;
};

/** No longer used. */
export type NodeConfigStatus = {
  /** No longer used. */
  readonly "active"?: NodeConfigSource;
  /** No longer used. */
  readonly "assigned"?: NodeConfigSource;
  /** No longer used. */
  readonly "error"?: string;
  /** No longer used. */
  readonly "lastKnownGood"?: NodeConfigSource;
};

/** Ports of an agent. */
export type NodeDaemonEndpoints = {
  /** The port for logs, exec and the like. */
  readonly "kubeletEndpoint"?: DaemonEndpoint;
};

/** What an agent supports. */
export type NodeFeatures = {
  /** Whether `supplementalGroupsPolicy` of Pods is honoured. */
  readonly "supplementalGroupsPolicy"?: boolean;
};

/** A list of Node objects. */
export type NodeList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (Node)[];
  /** What this is: `NodeList`. */
  readonly "kind": "NodeList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** A way of running containers. */
export type NodeRuntimeHandler = {
  /** What it supports. */
  readonly "features"?: NodeRuntimeHandlerFeatures;
  /** Its name; empty for the default. */
  readonly "name"?: string;
};

/** What a way of running containers supports. */
export type NodeRuntimeHandlerFeatures = {
  /** Whether mounts within read-only mounts can be made read-only. */
  readonly "recursiveReadOnlyMounts"?: boolean;
  /** Whether Pods can have a user namespace. */
  readonly "userNamespaces"?: boolean;
};

/** Chooses nodes: one of the terms must hold. */
export type NodeSelector = {
  /** The terms, at least one. */
  readonly "nodeSelectorTerms": readonly (NodeSelectorTerm)[];
};

/** A condition on a label or field of a node. */
export type NodeSelectorRequirement = {
  /** Key of the label, or name of the field. */
  readonly "key": string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, or `Gt` and `Lt` for numbers. */
  readonly "operator": "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  /** What to compare with: some for `In` and `NotIn`, none for `Exists` and `DoesNotExist`, one whole number for `Gt` and `Lt`. */
  readonly "values"?: readonly (string)[];
};

/** A set of conditions on a node, all of which must hold. An empty term matches no node. */
export type NodeSelectorTerm = {
  /** Conditions on labels. */
  readonly "matchExpressions"?: readonly (NodeSelectorRequirement)[];
  /** Conditions on fields; only `metadata.name` is supported. */
  readonly "matchFields"?: readonly (NodeSelectorRequirement)[];
};

/** What people decide about a node. */
export type NodeSpec = {
  /** No longer used. */
  readonly "configSource"?: NodeConfigSource;
  /** No longer used. */
  readonly "externalID"?: string;
  /** Range of addresses for Pods. */
  readonly "podCIDR"?: string;
  /** Ranges of addresses for Pods, at most one of each family. */
  readonly "podCIDRs"?: readonly (string)[];
  /** Identity of the machine at its provider. */
  readonly "providerID"?: string;
  /** Marks that keep Pods away which do not tolerate them. */
  readonly "taints"?: readonly (Taint)[];
  /** Whether new Pods are kept away: set by `cordon`, cleared by `uncordon`. */
  readonly "unschedulable"?: boolean;
};

/** What the agent of a node reports. */
export type NodeStatus = {
  /** Where the node is reached. */
  readonly "addresses"?: readonly (NodeAddress)[];
  /** What of it Pods can use. */
  readonly "allocatable"?: Readonly<Record<string, Quantity>>;
  /** What the machine has. */
  readonly "capacity"?: Readonly<Record<string, Quantity>>;
  /** What holds: `Ready`, `MemoryPressure`, `DiskPressure`, `PIDPressure`, `NetworkUnavailable`. */
  readonly "conditions"?: readonly (NodeCondition)[];
  /** No longer used. */
  readonly "config"?: NodeConfigStatus;
  /** Ports of the agent. */
  readonly "daemonEndpoints"?: NodeDaemonEndpoints;
  /** Names of features that the agent supports. */
  readonly "declaredFeatures"?: readonly (string)[];
  /** What the agent supports. */
  readonly "features"?: NodeFeatures;
  /** Images that are there. */
  readonly "images"?: readonly (ContainerImage)[];
  /** Facts about the machine and its software. */
  readonly "nodeInfo"?: NodeSystemInfo;
  /** No longer used. */
  readonly "phase"?: string;
  /** Ways of running containers that the node offers. */
  readonly "runtimeHandlers"?: readonly (NodeRuntimeHandler)[];
  /** Volumes that are attached. */
  readonly "volumesAttached"?: readonly (AttachedVolume)[];
  /** Volumes that must not be detached. */
  readonly "volumesInUse"?: readonly (string)[];
};

/** Facts about swap. */
export type NodeSwapStatus = {
  /** Its size in bytes. */
  readonly "capacity"?: number;
};

/** Facts about a machine and its software. */
export type NodeSystemInfo = {
  /** Processor architecture, such as `amd64`. */
  readonly "architecture": string;
  /** Identity of this run of the machine. */
  readonly "bootID": string;
  /** What runs containers, and its version. */
  readonly "containerRuntimeVersion": string;
  /** Version of the kernel. */
  readonly "kernelVersion": string;
  /** No longer used. */
  readonly "kubeProxyVersion": string;
  /** Version of the agent. */
  readonly "kubeletVersion": string;
  /** Identity that the operating system gives the machine. */
  readonly "machineID": string;
  /** `linux`. */
  readonly "operatingSystem": string;
  /** Name of the operating system. */
  readonly "osImage": string;
  /** Facts about swap. */
  readonly "swap"?: NodeSwapStatus;
  /** Identity that the hardware gives the machine. */
  readonly "systemUUID": string;
};

/** A field of the Pod. */
export type ObjectFieldSelector = {
  /** The version in which the path is meant. Default: `v1`. */
  readonly "apiVersion"?: string;
  /** Path of the field, such as `metadata.name`. */
  readonly "fieldPath": string;
};

/** Names an object, or a part of one. */
export type ObjectReference = {
  /** Group and version of the object. */
  readonly "apiVersion"?: string;
  /** The part that is meant, such as `spec.containers{web}`. */
  readonly "fieldPath"?: string;
  /** Kind of the object. */
  readonly "kind"?: string;
  /** Name of the object. */
  readonly "name"?: string;
  /** Namespace of the object. */
  readonly "namespace"?: string;
  /** The revision that is meant. */
  readonly "resourceVersion"?: string;
  /** Identity of the object. */
  readonly "uid"?: string;
};

/** What is asked of a persistent volume. */
export type PersistentVolumeClaimSpec = {
  /** How it is going to be used: `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOncePod`. */
  readonly "accessModes"?: readonly (string)[];
  /** What it is filled from. */
  readonly "dataSource"?: TypedLocalObjectReference;
  /** What it is filled from, of any kind. */
  readonly "dataSourceRef"?: TypedObjectReference;
  /** How large it must be. */
  readonly "resources"?: VolumeResourceRequirements;
  /** Labels that the volume must have. */
  readonly "selector"?: LabelSelector;
  /** The kind of storage. Empty: only volumes without a class. */
  readonly "storageClassName"?: string;
  /** Name of a set of changeable properties. */
  readonly "volumeAttributesClassName"?: string;
  /** A file system (`Filesystem`, the default) or a raw device (`Block`). */
  readonly "volumeMode"?: "Filesystem" | "Block";
  /** A certain volume. */
  readonly "volumeName"?: string;
};

/** The pattern of a claim. */
export type PersistentVolumeClaimTemplate = {
  /** Labels and annotations of the claim. */
  readonly "metadata"?: ObjectMeta;
  /** What is asked for. */
  readonly "spec": PersistentVolumeClaimSpec;
};

/** A persistent volume, by its claim. */
export type PersistentVolumeClaimVolumeSource = {
  /** Name of the PersistentVolumeClaim, in the namespace of the Pod. */
  readonly "claimName": string;
  /** Whether every mount is read-only. */
  readonly "readOnly"?: boolean;
};

/** A Photon disk. Not supported here. */
export type PhotonPersistentDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "pdID": string;
};

/** One or more containers that run together on one node, share its fate, a network address and volumes. Usually created by a Deployment or an App rather than by hand, because a Pod is never moved: when its node is lost, another takes its place. */
export type Pod = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Pod`. */
  readonly "kind": "Pod";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** What should run. Most of it cannot be changed once the Pod exists. */
  readonly "spec"?: PodSpec;
  /** What does run, reported by the node's agent. */
  readonly "status"?: PodStatus;
};

/** Near which Pods a Pod must or should run. */
export type PodAffinity = {
  /** Pods that should be near, with weights. */
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (WeightedPodAffinityTerm)[];
  /** Pods that must be near when the Pod is placed. */
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: readonly (PodAffinityTerm)[];
};

/** Which Pods are meant, and what near means. */
export type PodAffinityTerm = {
  /** The Pods, by their labels. */
  readonly "labelSelector"?: LabelSelector;
  /** Labels whose value on the Pod itself is added to the selector. */
  readonly "matchLabelKeys"?: readonly (string)[];
  /** Labels whose value on the Pod itself is excluded by the selector. */
  readonly "mismatchLabelKeys"?: readonly (string)[];
  /** Where they are looked for, by labels of namespaces. */
  readonly "namespaceSelector"?: LabelSelector;
  /** Where the Pods are looked for. Default: the Pod's own namespace. */
  readonly "namespaces"?: readonly (string)[];
  /** Label of nodes: those with the same value count as near, `kubernetes.io/hostname` for the same node. */
  readonly "topologyKey": string;
};

/** Away from which Pods a Pod must or should run. */
export type PodAntiAffinity = {
  /** Pods that should not be near, with weights. */
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (WeightedPodAffinityTerm)[];
  /** Pods that must not be near when the Pod is placed. */
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: readonly (PodAffinityTerm)[];
};

/** A certificate for the Pod, issued and renewed by a signer, within a projected volume. */
export type PodCertificateProjection = {
  /** File for the certificates. */
  readonly "certificateChainPath"?: string;
  /** File for both together. */
  readonly "credentialBundlePath"?: string;
  /** File for the key. */
  readonly "keyPath"?: string;
  /** Kind of the key that is generated. */
  readonly "keyType": string;
  /** Longest time for which it may be valid. */
  readonly "maxExpirationSeconds"?: number;
  /** Who issues it. */
  readonly "signerName": string;
  /** Further facts for the signer. */
  readonly "userAnnotations"?: Readonly<Record<string, string>>;
};

/** One statement about a Pod. */
export type PodCondition = {
  /** When it was last looked at. */
  readonly "lastProbeTime"?: Time;
  /** When `status` last changed. */
  readonly "lastTransitionTime"?: Time;
  /** Why, for people. */
  readonly "message"?: string;
  /** The `metadata.generation` that was looked at. */
  readonly "observedGeneration"?: number;
  /** Why, as one word, such as `Unschedulable`. */
  readonly "reason"?: string;
  /** Whether it holds: `True`, `False` or `Unknown`. */
  readonly "status": string;
  /** What it is about: `PodScheduled`, `Initialized`, `ContainersReady`, `Ready` or another. */
  readonly "type": string;
};

/** Settings for looking up names. */
export type PodDNSConfig = {
  /** Addresses of name servers. */
  readonly "nameservers"?: readonly (string)[];
  /** Options of the resolver. */
  readonly "options"?: readonly (PodDNSConfigOption)[];
  /** Domains that are tried in turn. */
  readonly "searches"?: readonly (string)[];
};

/** An option of the resolver. */
export type PodDNSConfigOption = {
  /** Its name, such as `ndots`. */
  readonly "name"?: string;
  /** Its value. */
  readonly "value"?: string;
};

/** The claim made for extended resources. */
export type PodExtendedResourceClaimStatus = {
  /** Which container's resource is which request. */
  readonly "requestMappings": readonly (ContainerExtendedResourceRequest)[];
  /** Name of the ResourceClaim. */
  readonly "resourceClaimName": string;
};

/** An address of a Pod. */
export type PodIP = {
  /** The address. */
  readonly "ip": string;
};

/** A list of Pod objects. */
export type PodList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (Pod)[];
  /** What this is: `PodList`. */
  readonly "kind": "PodList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** An operating system. */
export type PodOS = {
  /** `linux` or `windows`. */
  readonly "name": "linux" | "windows";
};

/** A condition that counts for readiness. */
export type PodReadinessGate = {
  /** Its type in `status.conditions`. */
  readonly "conditionType": string;
};

/** A claim on devices. */
export type PodResourceClaim = {
  /** Name by which containers refer to it. */
  readonly "name": string;
  /** An existing ResourceClaim. */
  readonly "resourceClaimName"?: string;
  /** The pattern from which one is made for the Pod. */
  readonly "resourceClaimTemplateName"?: string;
};

/** The claim made for an entry of `resourceClaims`. */
export type PodResourceClaimStatus = {
  /** Name of the entry. */
  readonly "name": string;
  /** Name of the ResourceClaim. */
  readonly "resourceClaimName"?: string;
};

/** A reason not to place the Pod yet. */
export type PodSchedulingGate = {
  /** Who holds it back. */
  readonly "name": string;
};

/** The group of Pods together with which a Pod is placed. */
export type PodSchedulingGroup = {
  /** Name of the group. */
  readonly "podGroupName"?: string;
};

/** Users, groups and privileges for all containers of a Pod. */
export type PodSecurityContext = {
  /** AppArmor profile. */
  readonly "appArmorProfile"?: AppArmorProfile;
  /** Group that owns the volumes, and to which the processes belong. */
  readonly "fsGroup"?: number;
  /** Whether the owner of every file is set each time (`Always`, the default) or only if the top directory differs (`OnRootMismatch`). */
  readonly "fsGroupChangePolicy"?: "OnRootMismatch" | "Always";
  /** Group id of the processes. Default: that of the image. */
  readonly "runAsGroup"?: number;
  /** Whether to refuse containers that would run as root. */
  readonly "runAsNonRoot"?: boolean;
  /** User id of the processes. Default: that of the image. */
  readonly "runAsUser"?: number;
  /** How volumes get their SELinux label: when mounted (`MountOption`) or file by file (`Recursive`). */
  readonly "seLinuxChangePolicy"?: "MountOption" | "Recursive";
  /** SELinux label. */
  readonly "seLinuxOptions"?: SELinuxOptions;
  /** Filter for system calls. */
  readonly "seccompProfile"?: SeccompProfile;
  /** Further groups to which the processes belong. */
  readonly "supplementalGroups"?: readonly (number)[];
  /** Whether groups from the image's /etc/group are added (`Merge`, the default) or not (`Strict`). */
  readonly "supplementalGroupsPolicy"?: "Merge" | "Strict";
  /** Kernel parameters of the Pod's namespaces. */
  readonly "sysctls"?: readonly (Sysctl)[];
  /** Settings for Windows. */
  readonly "windowsOptions"?: WindowsSecurityContextOptions;
};

/** Containers and volumes, where they may run, and what happens when they end. */
export type PodSpec = {
  /** Seconds after the start at which the Pod is stopped and counted as failed. */
  readonly "activeDeadlineSeconds"?: number;
  /** Rules for choosing a node beyond equality of labels. */
  readonly "affinity"?: Affinity;
  /** Whether containers find a token of the ServiceAccount in their file system. */
  readonly "automountServiceAccountToken"?: boolean;
  /** The containers that run side by side, at least one. */
  readonly "containers": readonly (Container)[];
  /** Name servers, search domains and options in addition to `dnsPolicy`. */
  readonly "dnsConfig"?: PodDNSConfig;
  /** Where names are looked up: in the cluster first (`ClusterFirst`, the default; `ClusterFirstWithHostNet` with the host's network), as on the node (`Default`), or only as `dnsConfig` says (`None`). */
  readonly "dnsPolicy"?: "ClusterFirst" | "ClusterFirstWithHostNet" | "Default" | "None";
  /** Whether every Service of the namespace is described in environment variables. */
  readonly "enableServiceLinks"?: boolean;
  /** Containers added for debugging to a Pod that runs already, through the subresource of the same name. */
  readonly "ephemeralContainers"?: readonly (EphemeralContainer)[];
  /** Lines added to the hosts file of the Pod. */
  readonly "hostAliases"?: readonly (HostAlias)[];
  /** Whether containers share the System V and POSIX IPC of the node. */
  readonly "hostIPC"?: boolean;
  /** Whether the Pod uses the network of its node instead of one of its own. */
  readonly "hostNetwork"?: boolean;
  /** Whether containers see the processes of the node. */
  readonly "hostPID"?: boolean;
  /** Whether user ids inside are the same outside. False gives the Pod a user namespace. */
  readonly "hostUsers"?: boolean;
  /** Name that the Pod has for itself. Default: the name of the Pod. */
  readonly "hostname"?: string;
  /** Name that the Pod has for itself, in place of anything derived from other fields. */
  readonly "hostnameOverride"?: string;
  /** Secrets with the credentials for pulling images. */
  readonly "imagePullSecrets"?: readonly (LocalObjectReference)[];
  /** Containers that run before the others, one after another, each to success. One with `restartPolicy: Always` keeps running beside the others instead. */
  readonly "initContainers"?: readonly (Container)[];
  /** The node that the Pod runs on, filled in when it is placed. Given from the start, it bypasses placement. */
  readonly "nodeName"?: string;
  /** Labels that a node must have for the Pod to be placed on it, all of them. */
  readonly "nodeSelector"?: Readonly<Record<string, string>>;
  /** The operating system that the Pod is for. */
  readonly "os"?: PodOS;
  /** Resources that running the Pod takes besides those of its containers. */
  readonly "overhead"?: Readonly<Record<string, Quantity>>;
  /** Whether Pods of lower rank may be removed to make room for this one. */
  readonly "preemptionPolicy"?: "PreemptLowerPriority" | "Never";
  /** The rank as a number, taken from the PriorityClass: higher goes first. */
  readonly "priority"?: number;
  /** Name of a PriorityClass, which gives the Pod its rank when room is short. */
  readonly "priorityClassName"?: string;
  /** Conditions besides the readiness of its containers that make the Pod ready. */
  readonly "readinessGates"?: readonly (PodReadinessGate)[];
  /** Claims on devices that containers of the Pod can use. */
  readonly "resourceClaims"?: readonly (PodResourceClaim)[];
  /** Requests and limits for the Pod as a whole, which its containers share. */
  readonly "resources"?: ResourceRequirements;
  /** What happens when a container ends: it is started again (`Always`, the default), only after a failure (`OnFailure`), or not (`Never`). */
  readonly "restartPolicy"?: "Always" | "OnFailure" | "Never";
  /** Name of a RuntimeClass that selects how containers are run. */
  readonly "runtimeClassName"?: string;
  /** Who places the Pod. Default: `default-scheduler`. */
  readonly "schedulerName"?: string;
  /** While any is there, the Pod is not placed. They can be removed but not added. */
  readonly "schedulingGates"?: readonly (PodSchedulingGate)[];
  /** The group of Pods together with which this one is placed. */
  readonly "schedulingGroup"?: PodSchedulingGroup;
  /** Users, groups and privileges for all containers; a container's own settings win. */
  readonly "securityContext"?: PodSecurityContext;
  /** Older spelling of `serviceAccountName`. */
  readonly "serviceAccount"?: string;
  /** Name of the ServiceAccount on whose behalf the Pod acts. Default: `default`. */
  readonly "serviceAccountName"?: string;
  /** Whether the kernel's host name is the full DNS name. */
  readonly "setHostnameAsFQDN"?: boolean;
  /** Whether the containers of the Pod see each other's processes. */
  readonly "shareProcessNamespace"?: boolean;
  /** With `hostname`, gives the Pod a DNS name within a Service of this name. */
  readonly "subdomain"?: string;
  /** Seconds between the polite signal and SIGKILL when the Pod is stopped; the preStop hook counts. Default: 30. */
  readonly "terminationGracePeriodSeconds"?: number;
  /** Taints of nodes that the Pod puts up with. */
  readonly "tolerations"?: readonly (Toleration)[];
  /** How evenly Pods of a kind must be spread over hosts, zones and the like. */
  readonly "topologySpreadConstraints"?: readonly (TopologySpreadConstraint)[];
  /** Directories and their contents that containers can mount. */
  readonly "volumes"?: readonly (Volume)[];
};

/** What is known about a Pod. */
export type PodStatus = {
  /** What is set aside for the Pod as a whole. */
  readonly "allocatedResources"?: Readonly<Record<string, Quantity>>;
  /** What holds: `PodScheduled`, `Initialized`, `ContainersReady`, `Ready`. A Pod that cannot be placed says why in `PodScheduled`. */
  readonly "conditions"?: readonly (PodCondition)[];
  /** What is known about each container. */
  readonly "containerStatuses"?: readonly (ContainerStatus)[];
  /** What is known about each ephemeral container. */
  readonly "ephemeralContainerStatuses"?: readonly (ContainerStatus)[];
  /** The device claim made for extended resources. */
  readonly "extendedResourceClaimStatus"?: PodExtendedResourceClaimStatus;
  /** Address of its node. */
  readonly "hostIP"?: string;
  /** Addresses of its node. */
  readonly "hostIPs"?: readonly (HostIP)[];
  /** What is known about each init container. */
  readonly "initContainerStatuses"?: readonly (ContainerStatus)[];
  /** Why the Pod is in this state, for people. */
  readonly "message"?: string;
  /** Device claims that take from the node's allocatable resources. */
  readonly "nodeAllocatableResourceClaimStatuses"?: readonly (NodeAllocatableResourceClaimStatus)[];
  /** The node on which room is being made for it. */
  readonly "nominatedNodeName"?: string;
  /** The `metadata.generation` that this status speaks of. */
  readonly "observedGeneration"?: number;
  /** Where it is in its life: `Pending`, `Running`, `Succeeded` (all containers ended well and stay so), `Failed`, `Unknown` (its node does not report). */
  readonly "phase"?: string;
  /** Address of the Pod. */
  readonly "podIP"?: string;
  /** Addresses of the Pod, at most one of each family. */
  readonly "podIPs"?: readonly (PodIP)[];
  /** `Guaranteed` (limits equal requests everywhere), `Burstable`, or `BestEffort` (none set). */
  readonly "qosClass"?: string;
  /** Why, as one word, such as `Evicted`. */
  readonly "reason"?: string;
  /** State of a change of resources under way. */
  readonly "resize"?: string;
  /** The device claims made for it. */
  readonly "resourceClaimStatuses"?: readonly (PodResourceClaimStatus)[];
  /** Requests and limits of the Pod as a whole that are in force. */
  readonly "resources"?: ResourceRequirements;
  /** When the agent took it over. */
  readonly "startTime"?: Time;
};

/** The pattern from which Pods are made. */
export type PodTemplateSpec = {
  /** Labels and annotations of the Pods. The labels must satisfy the selector of the owner. */
  readonly "metadata"?: ObjectMeta;
  /** What each of the Pods should run. */
  readonly "spec"?: PodSpec;
};

/** State of a port of a load balancer. */
export type PortStatus = {
  /** What is wrong with it. */
  readonly "error"?: string;
  /** The number. */
  readonly "port": number;
  /** Transport protocol. */
  readonly "protocol": string;
};

/** A Portworx volume. Not supported here. */
export type PortworxVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "volumeID": string;
};

/** A preference with a weight. */
export type PreferredSchedulingTerm = {
  /** What a node should satisfy. */
  readonly "preference": NodeSelectorTerm;
  /** How much it counts, 1 to 100. */
  readonly "weight": number;
};

/** A check of a container, repeated at intervals: exactly one of exec, httpGet, tcpSocket and grpc. */
export type Probe = {
  /** Succeeds when a command in the container exits with 0. */
  readonly "exec"?: ExecAction;
  /** Failures in a row that turn success into failure. Default: 3. */
  readonly "failureThreshold"?: number;
  /** Succeeds when the gRPC health service answers SERVING. */
  readonly "grpc"?: GRPCAction;
  /** Succeeds when an HTTP request is answered with a status from 200 to 399. */
  readonly "httpGet"?: HTTPGetAction;
  /** Seconds after the start of the container before the first check. Default: 0. */
  readonly "initialDelaySeconds"?: number;
  /** Seconds from one check to the next. Default: 10. */
  readonly "periodSeconds"?: number;
  /** Successes in a row that turn failure into success. Default: 1; must be 1 for liveness and startup. */
  readonly "successThreshold"?: number;
  /** Succeeds when a connection can be opened. */
  readonly "tcpSocket"?: TCPSocketAction;
  /** Seconds that a container gets to stop after this probe failed, in place of the Pod's. */
  readonly "terminationGracePeriodSeconds"?: number;
  /** Seconds after which a check counts as failed. Default: 1. */
  readonly "timeoutSeconds"?: number;
};

/** Several sources in one directory. */
export type ProjectedVolumeSource = {
  /** Permission bits of the files. Default: 420 (octal 0644). */
  readonly "defaultMode"?: number;
  /** The sources. */
  readonly "sources"?: readonly (VolumeProjection)[];
};

/** A Quobyte volume. Not supported here. */
export type QuobyteVolumeSource = {
  readonly "group"?: string;
  readonly "readOnly"?: boolean;
  readonly "registry": string;
  readonly "tenant"?: string;
  readonly "user"?: string;
  readonly "volume": string;
};

/** A Ceph block device. Not supported here. */
export type RBDVolumeSource = {
  readonly "fsType"?: string;
  readonly "image": string;
  readonly "keyring"?: string;
  readonly "monitors": readonly (string)[];
  readonly "pool"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "user"?: string;
};

/** Refers to a device claim of the Pod. */
export type ResourceClaim = {
  /** Name of the entry in the Pod's `resourceClaims`. */
  readonly "name": string;
  /** The request within the claim. Default: all. */
  readonly "request"?: string;
};

/** A request or limit of a container. */
export type ResourceFieldSelector = {
  /** Whose. Required in volumes; default elsewhere: the container itself. */
  readonly "containerName"?: string;
  /** The unit in which it is given: `1Mi` yields mebibytes, rounded up. Default: 1. */
  readonly "divisor"?: Quantity;
  /** Which one: `requests.cpu`, `limits.memory` and so on. */
  readonly "resource": string;
};

/** The state of a device. */
export type ResourceHealth = {
  /** `Healthy`, `Unhealthy` or `Unknown`. */
  readonly "health"?: string;
  /** Why, for people. */
  readonly "message"?: string;
  /** Identity of the device. */
  readonly "resourceID": string;
};

/** Limits what a namespace may use in total. */
export type ResourceQuota = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `ResourceQuota`. */
  readonly "kind": "ResourceQuota";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** The limits. */
  readonly "spec"?: ResourceQuotaSpec;
  /** The limits in force and what is used. */
  readonly "status"?: ResourceQuotaStatus;
};

/** A list of ResourceQuota objects. */
export type ResourceQuotaList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (ResourceQuota)[];
  /** What this is: `ResourceQuotaList`. */
  readonly "kind": "ResourceQuotaList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** The limits of a namespace. */
export type ResourceQuotaSpec = {
  /** The most of each: `requests.cpu`, `requests.memory`, `limits.cpu`, `limits.memory`, `pods`, `count/deployments.apps` and so on. */
  readonly "hard"?: Readonly<Record<string, Quantity>>;
  /** Kinds of Pods that are counted, as conditions. */
  readonly "scopeSelector"?: ScopeSelector;
  /** Kinds of Pods that are counted, all of which must apply. Default: everything. */
  readonly "scopes"?: readonly ("Terminating" | "NotTerminating" | "BestEffort" | "NotBestEffort" | "PriorityClass" | "CrossNamespacePodAffinity" | "VolumeAttributesClass")[];
};

/** The limits in force and what is used. */
export type ResourceQuotaStatus = {
  /** The most of each. */
  readonly "hard"?: Readonly<Record<string, Quantity>>;
  /** How much of each is used. */
  readonly "used"?: Readonly<Record<string, Quantity>>;
};

/** What something needs and may use at most. Names: `cpu` (cores; `250m` is a quarter), `memory` and `ephemeral-storage` (bytes; `128Mi`), and whatever nodes offer besides. */
export type ResourceRequirements = {
  /** Device claims of the Pod that are used here. */
  readonly "claims"?: readonly (ResourceClaim)[];
  /** The most that may be used: CPU is throttled there, going over memory ends the container (`OOMKilled`). */
  readonly "limits"?: Readonly<Record<string, Quantity>>;
  /** What is set aside, and what placement looks at. Default: the limits. */
  readonly "requests"?: Readonly<Record<string, Quantity>>;
};

/** The devices of one resource. */
export type ResourceStatus = {
  /** Name of the resource. */
  readonly "name": string;
  /** State of each device. */
  readonly "resources"?: readonly (ResourceHealth)[];
};

/** An SELinux label. */
export type SELinuxOptions = {
  /** Level of the label. */
  readonly "level"?: string;
  /** Role of the label. */
  readonly "role"?: string;
  /** Type of the label. */
  readonly "type"?: string;
  /** User of the label. */
  readonly "user"?: string;
};

/** A ScaleIO volume. Not supported here. */
export type ScaleIOVolumeSource = {
  readonly "fsType"?: string;
  readonly "gateway": string;
  readonly "protectionDomain"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef": LocalObjectReference;
  readonly "sslEnabled"?: boolean;
  readonly "storageMode"?: string;
  readonly "storagePool"?: string;
  readonly "system": string;
  readonly "volumeName"?: string;
};

/** Chooses Pods by their kind. */
export type ScopeSelector = {
  /** Conditions, all of which must hold. */
  readonly "matchExpressions"?: readonly (ScopedResourceSelectorRequirement)[];
};

/** A condition on the kind of a Pod. */
export type ScopedResourceSelectorRequirement = {
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  readonly "operator": "In" | "NotIn" | "Exists" | "DoesNotExist";
  /** What is looked at, such as `PriorityClass`. */
  readonly "scopeName": "Terminating" | "NotTerminating" | "BestEffort" | "NotBestEffort" | "PriorityClass" | "CrossNamespacePodAffinity" | "VolumeAttributesClass";
  /** What to compare with, for `In` and `NotIn`. */
  readonly "values"?: readonly (string)[];
};

/** A filter for system calls. */
export type SeccompProfile = {
  /** Path of the file, for `Localhost`. */
  readonly "localhostProfile"?: string;
  /** The runtime's own (`RuntimeDefault`), a file on the node (`Localhost`), or none (`Unconfined`). */
  readonly "type": "RuntimeDefault" | "Localhost" | "Unconfined";
};

/** Passwords, keys and the like, for environment variables or files of Pods. Contents do not appear in logs, events or errors. */
export type Secret = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** Keys and bytes in base64. */
  readonly "data"?: Readonly<Record<string, string>>;
  /** Whether the contents can no longer be changed. Cannot be taken back. */
  readonly "immutable"?: boolean;
  /** What the object is: `Secret`. */
  readonly "kind": "Secret";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** Keys and texts, for writing only: the server moves them to `data`. */
  readonly "stringData"?: Readonly<Record<string, string>>;
  /** What it is for, such as `Opaque` (the default), `kubernetes.io/tls` or `kubernetes.io/dockerconfigjson`. Cannot be changed. */
  readonly "type"?: string;
};

/** A Secret as a source of environment variables. */
export type SecretEnvSource = {
  /** Name of the Secret, in the namespace of the Pod. */
  readonly "name"?: string;
  /** Whether the container starts even if it does not exist. */
  readonly "optional"?: boolean;
};

/** One key of a Secret. */
export type SecretKeySelector = {
  /** The key. */
  readonly "key": string;
  /** Name of the Secret, in the namespace of the Pod. */
  readonly "name"?: string;
  /** Whether the container starts even if the Secret or the key does not exist. */
  readonly "optional"?: boolean;
};

/** A list of Secret objects. */
export type SecretList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (Secret)[];
  /** What this is: `SecretList`. */
  readonly "kind": "SecretList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** Keys of a Secret within a projected volume. */
export type SecretProjection = {
  /** The keys to show. Default: all. */
  readonly "items"?: readonly (KeyToPath)[];
  /** Name of the Secret. */
  readonly "name"?: string;
  /** Whether the Pod starts even if it does not exist. */
  readonly "optional"?: boolean;
};

/** The keys of a Secret as files. */
export type SecretVolumeSource = {
  /** Permission bits of the files, 0 to 511 (octal 0777). Default: 420 (octal 0644). */
  readonly "defaultMode"?: number;
  /** The keys to show and the paths for them. Default: every key under its own name. */
  readonly "items"?: readonly (KeyToPath)[];
  /** Whether the Pod starts even if the Secret or a key does not exist. */
  readonly "optional"?: boolean;
  /** Name of the Secret, in the namespace of the Pod. */
  readonly "secretName"?: string;
};

/** User, capabilities and other privileges of a container. What is set here wins over the Pod's settings. */
export type SecurityContext = {
  /** Whether a process may gain more privileges than its parent, for example through setuid. */
  readonly "allowPrivilegeEscalation"?: boolean;
  /** AppArmor profile. */
  readonly "appArmorProfile"?: AppArmorProfile;
  /** Linux capabilities to add and to drop. */
  readonly "capabilities"?: Capabilities;
  /** Whether the container may do everything that root on the node may do. */
  readonly "privileged"?: boolean;
  /** How /proc is mounted: with parts masked (`Default`) or whole (`Unmasked`). */
  readonly "procMount"?: "Default" | "Unmasked";
  /** Whether the root file system is read-only. Volumes are not affected. */
  readonly "readOnlyRootFilesystem"?: boolean;
  /** Group id of the process. Default: that of the image. */
  readonly "runAsGroup"?: number;
  /** Whether to refuse a container that would run as root. */
  readonly "runAsNonRoot"?: boolean;
  /** User id of the process. Default: that of the image. */
  readonly "runAsUser"?: number;
  /** SELinux label. */
  readonly "seLinuxOptions"?: SELinuxOptions;
  /** Filter for system calls. */
  readonly "seccompProfile"?: SeccompProfile;
  /** Settings for Windows. */
  readonly "windowsOptions"?: WindowsSecurityContextOptions;
};

/** A lasting name and address for a set of Pods that come and go. */
export type Service = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Service`. */
  readonly "kind": "Service";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** Which Pods, and how they are reached. */
  readonly "spec"?: ServiceSpec;
  /** What is known about its addresses. */
  readonly "status"?: ServiceStatus;
};

/** An identity for Pods. Every namespace has one called `default`. */
export type ServiceAccount = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** Whether Pods find a token of it in their file system, unless they say otherwise. */
  readonly "automountServiceAccountToken"?: boolean;
  /** Secrets for pulling images, for Pods that name none. */
  readonly "imagePullSecrets"?: readonly (LocalObjectReference)[];
  /** What the object is: `ServiceAccount`. */
  readonly "kind": "ServiceAccount";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** Secrets that Pods may use. */
  readonly "secrets"?: readonly (ObjectReference)[];
};

/** A list of ServiceAccount objects. */
export type ServiceAccountList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (ServiceAccount)[];
  /** What this is: `ServiceAccountList`. */
  readonly "kind": "ServiceAccountList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** A token of the Pod's ServiceAccount within a projected volume. */
export type ServiceAccountTokenProjection = {
  /** For whom the token is. Default: the API server. */
  readonly "audience"?: string;
  /** How long it is valid; it is renewed before. Default: 3600, at least 600. */
  readonly "expirationSeconds"?: number;
  /** Path of the file within the volume. */
  readonly "path": string;
};

/** A list of Service objects. */
export type ServiceList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "v1";
  /** The objects. */
  readonly "items": readonly (Service)[];
  /** What this is: `ServiceList`. */
  readonly "kind": "ServiceList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** A port that a Service offers. */
export type ServicePort = {
  /** The protocol spoken on it, such as `http`. */
  readonly "appProtocol"?: string;
  /** Name of the port, a DNS label. Required when there are several. */
  readonly "name"?: string;
  /** The port of every node, for `NodePort` and `LoadBalancer`; assigned if absent. */
  readonly "nodePort"?: number;
  /** The number at which the Service is reached. */
  readonly "port": number;
  /** Transport protocol. Default: `TCP`. */
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
  /** Number or name of the port of the Pods. Default: the same as `port`. */
  readonly "targetPort"?: IntOrString;
};

/** Which Pods a Service stands for, and how they are reached. */
export type ServiceSpec = {
  /** Whether a load balancer also gets ports of nodes. */
  readonly "allocateLoadBalancerNodePorts"?: boolean;
  /** Address of the Service, assigned if absent; `None` for a Service without one, whose name stands for the Pods themselves. Cannot be changed. */
  readonly "clusterIP"?: string;
  /** Addresses of the Service, at most one of each family. */
  readonly "clusterIPs"?: readonly (string)[];
  /** Further addresses at which nodes accept traffic for the Service. */
  readonly "externalIPs"?: readonly (string)[];
  /** The name that an `ExternalName` stands for. */
  readonly "externalName"?: string;
  /** Whether traffic from outside may go to Pods of any node (`Cluster`) or only of the one where it arrives (`Local`). */
  readonly "externalTrafficPolicy"?: "Cluster" | "Local";
  /** Port of nodes at which a load balancer asks for Pods, with `Local`. */
  readonly "healthCheckNodePort"?: number;
  /** The same for traffic from inside. */
  readonly "internalTrafficPolicy"?: "Cluster" | "Local";
  /** The families of addresses. */
  readonly "ipFamilies"?: readonly ("IPv4" | "IPv6")[];
  /** One family or two: `SingleStack`, `PreferDualStack`, `RequireDualStack`. */
  readonly "ipFamilyPolicy"?: "SingleStack" | "PreferDualStack" | "RequireDualStack";
  /** Who provides the load balancer. */
  readonly "loadBalancerClass"?: string;
  /** A wished-for address of the load balancer. */
  readonly "loadBalancerIP"?: string;
  /** Networks that the load balancer lets in. */
  readonly "loadBalancerSourceRanges"?: readonly (string)[];
  /** The ports that are offered. */
  readonly "ports"?: readonly (ServicePort)[];
  /** Whether Pods that are not ready are listed too. */
  readonly "publishNotReadyAddresses"?: boolean;
  /** Labels of the Pods, all of them. Without one the addresses are kept by somebody else. */
  readonly "selector"?: Readonly<Record<string, string>>;
  /** Whether requests of one client go to the same Pod: no (`None`, the default) or by its address (`ClientIP`). */
  readonly "sessionAffinity"?: "None" | "ClientIP";
  /** For how long, with `ClientIP`. */
  readonly "sessionAffinityConfig"?: SessionAffinityConfig;
  /** A preference for near Pods. */
  readonly "trafficDistribution"?: string;
  /** From where: inside the cluster (`ClusterIP`, the default), through a port of every node (`NodePort`), through a load balancer (`LoadBalancer`), or as an alias for another name (`ExternalName`). */
  readonly "type"?: "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";
};

/** What is known about the addresses of a Service. */
export type ServiceStatus = {
  /** What holds. */
  readonly "conditions"?: readonly (Condition)[];
  /** Where its load balancer is reached. */
  readonly "loadBalancer"?: LoadBalancerStatus;
};

/** How long clients stay with their Pod. */
export type SessionAffinityConfig = {
  /** By address of the client. */
  readonly "clientIP"?: ClientIPConfig;
};

/** Waits. */
export type SleepAction = {
  /** How long. */
  readonly "seconds": number;
};

/** A StorageOS volume. Not supported here. */
export type StorageOSVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "volumeName"?: string;
  readonly "volumeNamespace"?: string;
};

/** A kernel parameter. */
export type Sysctl = {
  /** Name of the parameter, such as `net.core.somaxconn`. */
  readonly "name": string;
  /** Its value. */
  readonly "value": string;
};

/** Opens a TCP connection. */
export type TCPSocketAction = {
  /** Where to connect. Default: the address of the Pod. */
  readonly "host"?: string;
  /** Number or name of the port. */
  readonly "port": IntOrString;
};

/** A mark on a node that keeps Pods away. */
export type Taint = {
  /** What it does to Pods that do not tolerate it: keeps new ones away (`NoSchedule`), does so where possible (`PreferNoSchedule`), or also removes those that run (`NoExecute`). */
  readonly "effect": "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  /** Key of the taint. */
  readonly "key": string;
  /** Since when, for `NoExecute`. */
  readonly "timeAdded"?: Time;
  /** Value of the taint. */
  readonly "value"?: string;
};

/** Lets a Pod run on nodes with a taint that it matches. */
export type Toleration = {
  /** Effect of the taint. Empty: every effect. */
  readonly "effect"?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  /** Key of the taint. Empty, with `Exists`: all taints. */
  readonly "key"?: string;
  /** `Equal` (the default) compares the value; `Exists` does not; `Lt` and `Gt` compare numbers. */
  readonly "operator"?: "Exists" | "Equal" | "Lt" | "Gt";
  /** For `NoExecute`: how long the Pod may stay once the taint is there. Default: for good. */
  readonly "tolerationSeconds"?: number;
  /** Value of the taint. */
  readonly "value"?: string;
};

/** Keeps Pods evenly spread over groups of nodes. */
export type TopologySpreadConstraint = {
  /** The Pods that are counted. */
  readonly "labelSelector"?: LabelSelector;
  /** Labels whose value on the Pod itself is added to the selector. */
  readonly "matchLabelKeys"?: readonly (string)[];
  /** How much fuller one group may be than the emptiest. */
  readonly "maxSkew": number;
  /** How many groups there should be at least. */
  readonly "minDomains"?: number;
  /** Whether nodes that the Pod's own selectors rule out are left aside (`Honor`, the default) or counted (`Ignore`). */
  readonly "nodeAffinityPolicy"?: "Honor" | "Ignore";
  /** Whether tainted nodes are left aside (`Honor`) or counted (`Ignore`, the default). */
  readonly "nodeTaintsPolicy"?: "Honor" | "Ignore";
  /** Label of nodes: each of its values is one group. */
  readonly "topologyKey": string;
  /** What to do when that cannot be kept: wait (`DoNotSchedule`) or place anyway as evenly as possible (`ScheduleAnyway`). */
  readonly "whenUnsatisfiable": "DoNotSchedule" | "ScheduleAnyway";
};

/** Names an object in the same namespace. */
export type TypedLocalObjectReference = {
  /** Group of the object; empty for the core group. */
  readonly "apiGroup"?: string;
  /** Kind of the object. */
  readonly "kind": string;
  /** Name of the object. */
  readonly "name": string;
};

/** Names an object, perhaps in another namespace. */
export type TypedObjectReference = {
  /** Group of the object; empty for the core group. */
  readonly "apiGroup"?: string;
  /** Kind of the object. */
  readonly "kind": string;
  /** Name of the object. */
  readonly "name": string;
  /** Namespace of the object. Default: the same. */
  readonly "namespace"?: string;
};

/** A directory that containers of a Pod can mount: a name, and exactly one source of its contents. Without a source it is an `emptyDir`. */
export type Volume = {
  /** An Amazon EBS disk. Superseded by its CSI driver. */
  readonly "awsElasticBlockStore"?: AWSElasticBlockStoreVolumeSource;
  /** An Azure disk. Superseded by its CSI driver. */
  readonly "azureDisk"?: AzureDiskVolumeSource;
  /** An Azure file share. Superseded by its CSI driver. */
  readonly "azureFile"?: AzureFileVolumeSource;
  /** A CephFS directory. Superseded by its CSI driver. */
  readonly "cephfs"?: CephFSVolumeSource;
  /** An OpenStack disk. Superseded by its CSI driver. */
  readonly "cinder"?: CinderVolumeSource;
  /** The keys of a ConfigMap as files. */
  readonly "configMap"?: ConfigMapVolumeSource;
  /** A volume from a CSI driver. */
  readonly "csi"?: CSIVolumeSource;
  /** Fields of the Pod as files. */
  readonly "downwardAPI"?: DownwardAPIVolumeSource;
  /** An empty directory that lives as long as the Pod. */
  readonly "emptyDir"?: EmptyDirVolumeSource;
  /** A persistent volume that is made for the Pod and goes with it. */
  readonly "ephemeral"?: EphemeralVolumeSource;
  /** A Fibre Channel disk. */
  readonly "fc"?: FCVolumeSource;
  /** A volume from an executable plug-in. Superseded by CSI. */
  readonly "flexVolume"?: FlexVolumeSource;
  /** A Flocker dataset. Superseded. */
  readonly "flocker"?: FlockerVolumeSource;
  /** A Google Compute disk. Superseded by its CSI driver. */
  readonly "gcePersistentDisk"?: GCEPersistentDiskVolumeSource;
  /** A clone of a Git repository. Superseded: clone in an init container. */
  readonly "gitRepo"?: GitRepoVolumeSource;
  /** A GlusterFS directory. Superseded. */
  readonly "glusterfs"?: GlusterfsVolumeSource;
  /** A file or directory of the node. */
  readonly "hostPath"?: HostPathVolumeSource;
  /** The contents of an image. */
  readonly "image"?: ImageVolumeSource;
  /** An iSCSI disk. */
  readonly "iscsi"?: ISCSIVolumeSource;
  /** Name of the volume, a DNS label, unique within the Pod. */
  readonly "name": string;
  /** A directory of an NFS server. */
  readonly "nfs"?: NFSVolumeSource;
  /** A persistent volume, by the name of its claim. */
  readonly "persistentVolumeClaim"?: PersistentVolumeClaimVolumeSource;
  /** A Photon disk. Superseded. */
  readonly "photonPersistentDisk"?: PhotonPersistentDiskVolumeSource;
  /** A Portworx volume. Superseded by its CSI driver. */
  readonly "portworxVolume"?: PortworxVolumeSource;
  /** Several sources in one directory. */
  readonly "projected"?: ProjectedVolumeSource;
  /** A Quobyte volume. Superseded. */
  readonly "quobyte"?: QuobyteVolumeSource;
  /** A Ceph block device. Superseded by its CSI driver. */
  readonly "rbd"?: RBDVolumeSource;
  /** A ScaleIO volume. Superseded. */
  readonly "scaleIO"?: ScaleIOVolumeSource;
  /** The keys of a Secret as files. */
  readonly "secret"?: SecretVolumeSource;
  /** A StorageOS volume. Superseded. */
  readonly "storageos"?: StorageOSVolumeSource;
  /** A vSphere disk. Superseded by its CSI driver. */
  readonly "vsphereVolume"?: VsphereVirtualDiskVolumeSource;
};

/** Gives a container a block device. */
export type VolumeDevice = {
  /** Where it appears in the container. */
  readonly "devicePath": string;
  /** Name of the volume in the Pod. */
  readonly "name": string;
};

/** Makes a volume appear in a container. */
export type VolumeMount = {
  /** Where it appears in the container, as an absolute path. */
  readonly "mountPath": string;
  /** Whether later mounts are passed on: not (`None`, the default), into the container (`HostToContainer`), or both ways (`Bidirectional`). */
  readonly "mountPropagation"?: "None" | "HostToContainer" | "Bidirectional";
  /** Name of the volume in the Pod. */
  readonly "name": string;
  /** Whether it is mounted read-only. Default: false. */
  readonly "readOnly"?: boolean;
  /** Whether mounts inside it become read-only too: `Enabled`, `IfPossible` or `Disabled` (default). */
  readonly "recursiveReadOnly"?: "Disabled" | "IfPossible" | "Enabled";
  /** A path within the volume to mount in place of its root. */
  readonly "subPath"?: string;
  /** Like `subPath`, with `$(NAME)` replaced by environment variables. */
  readonly "subPathExpr"?: string;
};

/** A mount of a container. */
export type VolumeMountStatus = {
  /** Where it appears. */
  readonly "mountPath": string;
  /** Name of the volume. */
  readonly "name": string;
  /** Whether it is read-only. */
  readonly "readOnly"?: boolean;
  /** Whether mounts inside it are read-only too. */
  readonly "recursiveReadOnly"?: string;
  /** What is known about the volume. */
  readonly "volumeStatus"?: VolumeStatus;
};

/** One source of a projected volume: exactly one of these. */
export type VolumeProjection = {
  /** Certificates of trusted authorities. */
  readonly "clusterTrustBundle"?: ClusterTrustBundleProjection;
  /** Keys of a ConfigMap. */
  readonly "configMap"?: ConfigMapProjection;
  /** Fields of the Pod. */
  readonly "downwardAPI"?: DownwardAPIProjection;
  /** A certificate for the Pod itself. */
  readonly "podCertificate"?: PodCertificateProjection;
  /** Keys of a Secret. */
  readonly "secret"?: SecretProjection;
  /** A token of the Pod's ServiceAccount. */
  readonly "serviceAccountToken"?: ServiceAccountTokenProjection;
};

/** The size of a volume. */
export type VolumeResourceRequirements = {
  /** The most: `storage`. */
  readonly "limits"?: Readonly<Record<string, Quantity>>;
  /** The least: `storage`. */
  readonly "requests"?: Readonly<Record<string, Quantity>>;
};

/** What is known about a volume. */
export type VolumeStatus = {
  /** For an image volume. */
  readonly "image"?: ImageVolumeStatus;
};

/** A vSphere disk. Not supported here. */
export type VsphereVirtualDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "storagePolicyID"?: string;
  readonly "storagePolicyName"?: string;
  readonly "volumePath": string;
};

/** A preference with a weight. */
export type WeightedPodAffinityTerm = {
  /** Which Pods, and what near means. */
  readonly "podAffinityTerm": PodAffinityTerm;
  /** How much it counts, 1 to 100. */
  readonly "weight": number;
};

/** Settings for containers on Windows. There are no Windows nodes here. */
export type WindowsSecurityContextOptions = {
  readonly "gmsaCredentialSpec"?: string;
  readonly "gmsaCredentialSpecName"?: string;
  readonly "hostProcess"?: boolean;
  readonly "runAsUserName"?: string;
};

/** One place behind a Service. */
export type Endpoint = {
  /** Its addresses; the first one counts. */
  readonly "addresses": readonly (string)[];
  /** What state it is in. */
  readonly "conditions"?: EndpointConditions;
  /** No longer used. */
  readonly "deprecatedTopology"?: Readonly<Record<string, string>>;
  /** For whom it is meant. */
  readonly "hints"?: EndpointHints;
  /** Its host name. */
  readonly "hostname"?: string;
  /** The node that it is on. */
  readonly "nodeName"?: string;
  /** The object it belongs to, usually a Pod. */
  readonly "targetRef"?: ObjectReference;
  /** The zone that it is in. */
  readonly "zone"?: string;
};

/** The state of a place behind a Service. */
export type EndpointConditions = {
  /** Whether it should get traffic. */
  readonly "ready"?: boolean;
  /** Whether it would answer, even while it is stopping. */
  readonly "serving"?: boolean;
  /** Whether it is stopping. */
  readonly "terminating"?: boolean;
};

/** For whom a place behind a Service is meant. */
export type EndpointHints = {
  /** Nodes that should use it. */
  readonly "forNodes"?: readonly (ForNode)[];
  /** Zones that should use it. */
  readonly "forZones"?: readonly (ForZone)[];
};

/** A port behind a Service. */
export type DiscoveryEndpointPort = {
  /** The protocol spoken on it. */
  readonly "appProtocol"?: string;
  /** Name of the port, as in the Service. */
  readonly "name"?: string;
  /** The number. */
  readonly "port"?: number;
  /** Transport protocol. */
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
};

/** Some of the addresses behind a Service. The label `kubernetes.io/service-name` names the Service. */
export type EndpointSlice = {
  /** What the addresses are: `IPv4`, `IPv6` or `FQDN`. Cannot be changed. */
  readonly "addressType": "IPv4" | "IPv6" | "FQDN";
  /** Group and version of this form of the object: `discovery.k8s.io/v1`. */
  readonly "apiVersion": "discovery.k8s.io/v1";
  /** The addresses, at most 1000. */
  readonly "endpoints"?: readonly (Endpoint)[];
  /** What the object is: `EndpointSlice`. */
  readonly "kind": "EndpointSlice";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** The ports, the same for all addresses. */
  readonly "ports"?: readonly (DiscoveryEndpointPort)[];
};

/** A list of EndpointSlice objects. */
export type EndpointSliceList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "discovery.k8s.io/v1";
  /** The objects. */
  readonly "items": readonly (EndpointSlice)[];
  /** What this is: `EndpointSliceList`. */
  readonly "kind": "EndpointSliceList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** A node. */
export type ForNode = {
  /** Its name. */
  readonly "name": string;
};

/** A zone. */
export type ForZone = {
  /** Its name. */
  readonly "name": string;
};

/** Something that happened to an object, in the newer form. The same events as those of the core group. */
export type EventsEvent = {
  /** What was done about it. */
  readonly "action"?: string;
  /** Group and version of this form of the object: `events.k8s.io/v1`. */
  readonly "apiVersion": "events.k8s.io/v1";
  /** How often, as the core group has it. */
  readonly "deprecatedCount"?: number;
  /** When first, as the core group has it. */
  readonly "deprecatedFirstTimestamp"?: Time;
  /** When last, as the core group has it. */
  readonly "deprecatedLastTimestamp"?: Time;
  /** Who reported it, as the core group has it. */
  readonly "deprecatedSource"?: EventSource;
  /** When it happened first. */
  readonly "eventTime": MicroTime;
  /** What the object is: `Event`. */
  readonly "kind": "Event";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** What happened, for people. */
  readonly "note"?: string;
  /** What happened, as one word. */
  readonly "reason"?: string;
  /** What it happened to. */
  readonly "regarding"?: ObjectReference;
  /** Another object that has to do with it. */
  readonly "related"?: ObjectReference;
  /** Who reported it. */
  readonly "reportingController"?: string;
  /** Which instance of it. */
  readonly "reportingInstance"?: string;
  /** How often it has happened, for repeated events. */
  readonly "series"?: EventsEventSeries;
  /** `Normal` or `Warning`. */
  readonly "type"?: string;
};

/** A list of Event objects. */
export type EventsEventList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "events.k8s.io/v1";
  /** The objects. */
  readonly "items": readonly (EventsEvent)[];
  /** What this is: `EventList`. */
  readonly "kind": "EventList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** Repetitions of an event. */
export type EventsEventSeries = {
  /** How often it has happened. */
  readonly "count": number;
  /** When it happened last. */
  readonly "lastObservedTime": MicroTime;
};

/** Asks a pod to leave its node: a deletion that respects what its owner can spare. */
export type Eviction = {
  /** Group and version of this form of the object: `policy/v1`. */
  readonly "apiVersion": "policy/v1";
  /** What the object is: `Eviction`. */
  readonly "kind": "Eviction";
  /** Name and namespace of the pod. */
  readonly "metadata": ObjectMeta;
  /** How to delete the pod: grace period, preconditions. */
  readonly "deleteOptions"?: DeleteOptions;
};

/** A rank for Pods, by name. Pods of a higher rank are placed first. */
export type PriorityClass = {
  /** Group and version of this form of the object: `scheduling.k8s.io/v1`. */
  readonly "apiVersion": "scheduling.k8s.io/v1";
  /** What it is meant for. */
  readonly "description"?: string;
  /** Whether Pods without a class get this one. At most one class should say so. */
  readonly "globalDefault"?: boolean;
  /** What the object is: `PriorityClass`. */
  readonly "kind": "PriorityClass";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  /** Whether Pods of lower rank may be removed to make room (`PreemptLowerPriority`, the default) or not (`Never`). */
  readonly "preemptionPolicy"?: "PreemptLowerPriority" | "Never";
  /** The rank. Higher goes first; at most 1000000000 for classes that people make. */
  readonly "value"?: number;
};

/** A list of PriorityClass objects. */
export type PriorityClassList = {
  /** Group and version of this form of the list. */
  readonly "apiVersion": "scheduling.k8s.io/v1";
  /** The objects. */
  readonly "items": readonly (PriorityClass)[];
  /** What this is: `PriorityClassList`. */
  readonly "kind": "PriorityClassList";
  /** Where the list stands in time (`resourceVersion`) and how to get its next part (`continue`). */
  readonly "metadata": ListMeta;
};

/** A fixed-point number with an optional unit: `500m` (half), `2`, `1.5`, `128Mi` (powers of 1024: Ki Mi Gi Ti Pi Ei), `100M` (powers of 1000: k M G T P E). A plain number is accepted too. */
export type Quantity = string;

/** A group of kinds and the versions in which it is served. */
export type APIGroup = {
  /** Group and version of this form of the object. */
  readonly "apiVersion": "v1";
  /** What the object is: `APIGroup`. */
  readonly "kind": "APIGroup";
  /** Name of the group, such as `apps`. */
  readonly "name": string;
  /** The version that clients should use when they have no reason for another. */
  readonly "preferredVersion"?: GroupVersionForDiscovery;
  /** Where clients of certain networks reach the server. */
  readonly "serverAddressByClientCIDRs"?: readonly (ServerAddressByClientCIDR)[];
  /** The versions that are served. */
  readonly "versions": readonly (GroupVersionForDiscovery)[];
};

/** Every group that is served, the core group aside. */
export type APIGroupList = {
  /** Group and version of this form of the object. */
  readonly "apiVersion": "v1";
  /** The groups. */
  readonly "groups": readonly (APIGroup)[];
  /** What the object is: `APIGroupList`. */
  readonly "kind": "APIGroupList";
};

/** A resource as discovery describes it. */
export type APIResource = {
  /** Sets to which it belongs, such as `all`. */
  readonly "categories"?: readonly (string)[];
  /** Group of the objects that requests and answers hold, where it is not that of the list. */
  readonly "group"?: string;
  /** Kind of those objects. */
  readonly "kind": string;
  /** Plural name, as it stands in URLs; `pods/log` for a subresource. */
  readonly "name": string;
  /** Whether its objects live in namespaces. */
  readonly "namespaced": boolean;
  /** Abbreviations for the command line. */
  readonly "shortNames"?: readonly (string)[];
  /** Name of one of them. */
  readonly "singularName": string;
  /** Changes when objects are stored in another version. */
  readonly "storageVersionHash"?: string;
  /** What can be done with it. */
  readonly "verbs": readonly (string)[];
  /** Version of those objects, where it is not that of the list. */
  readonly "version"?: string;
};

/** The resources of one group and version. */
export type APIResourceList = {
  /** Group and version of this form of the object. */
  readonly "apiVersion": "v1";
  /** Group and version that the list is about. */
  readonly "groupVersion": string;
  /** What the object is: `APIResourceList`. */
  readonly "kind": "APIResourceList";
  /** The resources and subresources. */
  readonly "resources": readonly (APIResource)[];
};

/** The versions of the core group. */
export type APIVersions = {
  /** Group and version of this form of the object. */
  readonly "apiVersion": "v1";
  /** What the object is: `APIVersions`. */
  readonly "kind": "APIVersions";
  /** Where clients of certain networks reach the server. */
  readonly "serverAddressByClientCIDRs": readonly (ServerAddressByClientCIDR)[];
  /** The versions that are served. */
  readonly "versions": readonly (string)[];
};

/** One statement about the state of an object. */
export type Condition = {
  /** When `status` last changed. */
  readonly "lastTransitionTime": Time;
  /** Why, as a sentence for people. */
  readonly "message": string;
  /** The `metadata.generation` that was looked at. */
  readonly "observedGeneration"?: number;
  /** Why, as one word for programs. */
  readonly "reason": string;
  /** Whether it holds: `True`, `False` or `Unknown`. */
  readonly "status": string;
  /** What the statement is about, such as `Available`. */
  readonly "type": string;
};

/** How to delete an object. */
export type DeleteOptions = {
  /** Group and version of this form of the object. */
  readonly "apiVersion": "v1";
  /** `All`: go through everything but delete nothing. */
  readonly "dryRun"?: readonly ("All")[];
  /** Seconds that the object has to stop in order; 0 removes it at once. Default: what the kind or the object says. */
  readonly "gracePeriodSeconds"?: number;
  /** Delete even what cannot be read any more. Not supported: stored objects can always be read, or the server does not start. */
  readonly "ignoreStoreReadErrorWithClusterBreakingPotential"?: boolean;
  /** What the object is: `DeleteOptions`. */
  readonly "kind": "DeleteOptions";
  /** Older spelling of `propagationPolicy: Orphan` (true) and `Background` (false). */
  readonly "orphanDependents"?: boolean;
  /** What must be so, or the request fails with a conflict. */
  readonly "preconditions"?: Preconditions;
  /** What becomes of objects that this one owns: deleted afterwards (`Background`, the default), deleted first (`Foreground`), or left alone (`Orphan`). */
  readonly "propagationPolicy"?: "Orphan" | "Background" | "Foreground";
};

/** A set of fields, as nested maps: `f:NAME` for a field, `k:{…}` for an item of a list by its keys, `v:…` for an item by its value, `.` for the place itself. */
export type FieldsV1 = Record<string, unknown>;

/** A group and version in both spellings. */
export type GroupVersionForDiscovery = {
  /** Group and version together: `apps/v1`. */
  readonly "groupVersion": string;
  /** The version alone: `v1`. */
  readonly "version": string;
};

/** Chooses objects by their labels. All parts must match; an empty selector matches everything. */
export type LabelSelector = {
  /** Further conditions on labels, all of which must hold. */
  readonly "matchExpressions"?: readonly (LabelSelectorRequirement)[];
  /** Labels that an object must have, all of them, with these values. */
  readonly "matchLabels"?: Readonly<Record<string, string>>;
};

/** A condition on one label. */
export type LabelSelectorRequirement = {
  /** Key of the label. */
  readonly "key": string;
  /** `In` and `NotIn` compare with `values`; `Exists` and `DoesNotExist` look only whether the label is there. */
  readonly "operator": "In" | "NotIn" | "Exists" | "DoesNotExist";
  /** The values for `In` and `NotIn`; empty for the other two. */
  readonly "values"?: readonly (string)[];
};

/** What belongs to a list rather than to its items. */
export type ListMeta = {
  /** Token with which the next part of the list is asked for; absent in the last part. */
  readonly "continue"?: string;
  /** How many items are yet to come, where that is known. */
  readonly "remainingItemCount"?: number;
  /** Revision of the store that the list shows. A watch may begin here. */
  readonly "resourceVersion"?: string;
  /** No longer filled in. */
  readonly "selfLink"?: string;
  /** Which share of the objects a sharded list covers. */
  readonly "shardInfo"?: ShardInfo;
};

/** A point in time in RFC 3339, to the microsecond: `2026-01-31T12:00:00.000000Z`. */
export type MicroTime = string;

/** What must hold for a deletion to go ahead. */
export type Preconditions = {
  /** The object must be at this revision. */
  readonly "resourceVersion"?: string;
  /** The object must have this identity: a namesake created later stays. */
  readonly "uid"?: string;
};

/** The address of the server for the clients of one network. */
export type ServerAddressByClientCIDR = {
  /** The network, such as `0.0.0.0/0`. */
  readonly "clientCIDR": string;
  /** Host and port. */
  readonly "serverAddress": string;
};

/** The share of the objects that a list covers. */
export type ShardInfo = {
  /** Selects the share. */
  readonly "selector": string;
};

/** One of the causes of an error. */
export type StatusCause = {
  /** Where, such as `spec.containers[0].image`. */
  readonly "field"?: string;
  /** What is wrong, for people. */
  readonly "message"?: string;
  /** What is wrong, as one word for programs, such as `FieldValueRequired`. */
  readonly "reason"?: string;
};

/** What a Status is about. */
export type StatusDetails = {
  /** Every single thing that was wrong. */
  readonly "causes"?: readonly (StatusCause)[];
  /** Group of the object. */
  readonly "group"?: string;
  /** The resource, or for validation errors the kind. */
  readonly "kind"?: string;
  /** Name of the object. */
  readonly "name"?: string;
  /** When it makes sense to try again. */
  readonly "retryAfterSeconds"?: number;
  /** Identity of the object. */
  readonly "uid"?: string;
};

/** A point in time in RFC 3339, to the second: `2026-01-31T12:00:00Z`. */
export type Time = string;

/** One line of a watch. */
export type WatchEvent = {
  /** The object as it is now, as it last was (`DELETED`), or a Status (`ERROR`). */
  readonly "object": RawExtension;
  /** What happened: `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`. */
  readonly "type": string;
};

/** Any object. */
export type RawExtension = Record<string, unknown>;

/** A whole number, or a text such as a percentage (`25%`) or the name of a port. */
export type IntOrString = number | string;
