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
  /** A short name by which probes refer to the port, for example `http`: at most 15 of a-z, 0-9 and `-`, with a letter among them. */
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
  /** How much CPU, memory and other resources each copy needs (`requests`) and may use at most (`limits`). Copies are placed only on nodes that have their requests free; one that goes over its memory limit is killed and restarted. */
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
  /** How old copies are replaced by new ones: a few at a time (`RollingUpdate`, the default) or all at once after stopping the old ones (`Recreate`). */
  readonly "strategy"?: DeploymentStrategy;
  /** Seconds for which a new copy must be ready without a crash before it counts as available. Default: 0. */
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
  /** What holds at present: `Available` (enough copies serve), `Progressing` (a rollout advances or is done). */
  readonly "conditions"?: readonly (Condition)[];
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

export type Deployment = {
  /** Group and version of this form of the object: `apps/v1`. */
  readonly "apiVersion": "apps/v1";
  /** What the object is: `Deployment`. */
  readonly "kind": "Deployment";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "spec"?: DeploymentSpec;
  readonly "status"?: DeploymentStatus;
};

export type DeploymentCondition = {
  readonly "lastTransitionTime"?: Time;
  readonly "lastUpdateTime"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "status": string;
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

export type DeploymentSpec = {
  readonly "minReadySeconds"?: number;
  readonly "paused"?: boolean;
  readonly "progressDeadlineSeconds"?: number;
  readonly "replicas"?: number;
  readonly "revisionHistoryLimit"?: number;
  readonly "selector": LabelSelector;
  readonly "strategy"?: DeploymentStrategy;
  readonly "template": PodTemplateSpec;
};

export type DeploymentStatus = {
  readonly "availableReplicas"?: number;
  readonly "collisionCount"?: number;
  readonly "conditions"?: readonly (DeploymentCondition)[];
  readonly "observedGeneration"?: number;
  readonly "readyReplicas"?: number;
  readonly "replicas"?: number;
  readonly "terminatingReplicas"?: number;
  readonly "unavailableReplicas"?: number;
  readonly "updatedReplicas"?: number;
};

export type DeploymentStrategy = {
  readonly "rollingUpdate"?: RollingUpdateDeployment;
  readonly "type"?: "RollingUpdate" | "Recreate";
};

export type ReplicaSet = {
  /** Group and version of this form of the object: `apps/v1`. */
  readonly "apiVersion": "apps/v1";
  /** What the object is: `ReplicaSet`. */
  readonly "kind": "ReplicaSet";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "spec"?: ReplicaSetSpec;
  readonly "status"?: ReplicaSetStatus;
};

export type ReplicaSetCondition = {
  readonly "lastTransitionTime"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "status": string;
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

export type ReplicaSetSpec = {
  readonly "minReadySeconds"?: number;
  readonly "replicas"?: number;
  readonly "selector": LabelSelector;
  readonly "template"?: PodTemplateSpec;
};

export type ReplicaSetStatus = {
  readonly "availableReplicas"?: number;
  readonly "conditions"?: readonly (ReplicaSetCondition)[];
  readonly "fullyLabeledReplicas"?: number;
  readonly "observedGeneration"?: number;
  readonly "readyReplicas"?: number;
  readonly "replicas": number;
  readonly "terminatingReplicas"?: number;
};

export type RollingUpdateDeployment = {
  readonly "maxSurge"?: IntOrString;
  readonly "maxUnavailable"?: IntOrString;
};

export type Scale = {
  /** Group and version of this form of the object: `autoscaling/v1`. */
  readonly "apiVersion": "autoscaling/v1";
  /** What the object is: `Scale`. */
  readonly "kind": "Scale";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "spec"?: ScaleSpec;
  readonly "status"?: ScaleStatus;
};

export type ScaleSpec = {
  readonly "replicas"?: number;
};

export type ScaleStatus = {
  readonly "replicas": number;
  readonly "selector"?: string;
};

export type Lease = {
  /** Group and version of this form of the object: `coordination.k8s.io/v1`. */
  readonly "apiVersion": "coordination.k8s.io/v1";
  /** What the object is: `Lease`. */
  readonly "kind": "Lease";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
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

export type LeaseSpec = {
  readonly "acquireTime"?: MicroTime;
  readonly "holderIdentity"?: string;
  readonly "leaseDurationSeconds"?: number;
  readonly "leaseTransitions"?: number;
  readonly "preferredHolder"?: string;
  readonly "renewTime"?: MicroTime;
  readonly "strategy"?: string;
};

export type AWSElasticBlockStoreVolumeSource = {
  readonly "fsType"?: string;
  readonly "partition"?: number;
  readonly "readOnly"?: boolean;
  readonly "volumeID": string;
};

export type Affinity = {
  readonly "nodeAffinity"?: NodeAffinity;
  readonly "podAffinity"?: PodAffinity;
  readonly "podAntiAffinity"?: PodAntiAffinity;
};

export type AppArmorProfile = {
  readonly "localhostProfile"?: string;
  readonly "type": "RuntimeDefault" | "Localhost" | "Unconfined";
};

export type AttachedVolume = {
  readonly "devicePath": string;
  readonly "name": string;
};

export type AzureDiskVolumeSource = {
  readonly "cachingMode"?: string;
  readonly "diskName": string;
  readonly "diskURI": string;
  readonly "fsType"?: string;
  readonly "kind"?: string;
  readonly "readOnly"?: boolean;
};

export type AzureFileVolumeSource = {
  readonly "readOnly"?: boolean;
  readonly "secretName": string;
  readonly "shareName": string;
};

export type Binding = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Binding`. */
  readonly "kind": "Binding";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "target": ObjectReference;
};

export type CSIVolumeSource = {
  readonly "driver": string;
  readonly "fsType"?: string;
  readonly "nodePublishSecretRef"?: LocalObjectReference;
  readonly "readOnly"?: boolean;
  readonly "volumeAttributes"?: Readonly<Record<string, string>>;
};

export type Capabilities = {
  readonly "add"?: readonly (string)[];
  readonly "drop"?: readonly (string)[];
};

export type CephFSVolumeSource = {
  readonly "monitors": readonly (string)[];
  readonly "path"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretFile"?: string;
  readonly "secretRef"?: LocalObjectReference;
  readonly "user"?: string;
};

export type CinderVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "volumeID": string;
};

export type ClientIPConfig = {
  readonly "timeoutSeconds"?: number;
};

export type ClusterTrustBundleProjection = {
  readonly "labelSelector"?: LabelSelector;
  readonly "name"?: string;
  readonly "optional"?: boolean;
  readonly "path": string;
  readonly "signerName"?: string;
};

export type ConfigMap = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  readonly "binaryData"?: Readonly<Record<string, string>>;
  readonly "data"?: Readonly<Record<string, string>>;
  readonly "immutable"?: boolean;
  /** What the object is: `ConfigMap`. */
  readonly "kind": "ConfigMap";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
};

export type ConfigMapEnvSource = {
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type ConfigMapKeySelector = {
  readonly "key": string;
  readonly "name"?: string;
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

export type ConfigMapNodeConfigSource = {
  readonly "kubeletConfigKey": string;
  readonly "name": string;
  readonly "namespace": string;
  readonly "resourceVersion"?: string;
  readonly "uid"?: string;
};

export type ConfigMapProjection = {
  readonly "items"?: readonly (KeyToPath)[];
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type ConfigMapVolumeSource = {
  readonly "defaultMode"?: number;
  readonly "items"?: readonly (KeyToPath)[];
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type Container = {
  readonly "args"?: readonly (string)[];
  readonly "command"?: readonly (string)[];
  readonly "env"?: readonly (EnvVar)[];
  readonly "envFrom"?: readonly (EnvFromSource)[];
  readonly "image"?: string;
  readonly "imagePullPolicy"?: "Always" | "IfNotPresent" | "Never";
  readonly "lifecycle"?: Lifecycle;
  readonly "livenessProbe"?: Probe;
  readonly "name": string;
  readonly "ports"?: readonly (ContainerPort)[];
  readonly "readinessProbe"?: Probe;
  readonly "resizePolicy"?: readonly (ContainerResizePolicy)[];
  readonly "resources"?: ResourceRequirements;
  readonly "restartPolicy"?: "Always" | "OnFailure" | "Never";
  readonly "restartPolicyRules"?: readonly (ContainerRestartRule)[];
  readonly "securityContext"?: SecurityContext;
  readonly "startupProbe"?: Probe;
  readonly "stdin"?: boolean;
  readonly "stdinOnce"?: boolean;
  readonly "terminationMessagePath"?: string;
  readonly "terminationMessagePolicy"?: "File" | "FallbackToLogsOnError";
  readonly "tty"?: boolean;
  readonly "volumeDevices"?: readonly (VolumeDevice)[];
  readonly "volumeMounts"?: readonly (VolumeMount)[];
  readonly "workingDir"?: string;
};

export type ContainerExtendedResourceRequest = {
  readonly "containerName": string;
  readonly "requestName": string;
  readonly "resourceName": string;
};

export type ContainerImage = {
  readonly "names"?: readonly (string)[];
  readonly "sizeBytes"?: number;
};

export type ContainerPort = {
  readonly "containerPort": number;
  readonly "hostIP"?: string;
  readonly "hostPort"?: number;
  readonly "name"?: string;
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
};

export type ContainerResizePolicy = {
  readonly "resourceName": "cpu" | "memory";
  readonly "restartPolicy": "NotRequired" | "RestartContainer";
};

export type ContainerRestartRule = {
  readonly "action": "Restart" | "RestartAllContainers";
  readonly "exitCodes"?: ContainerRestartRuleOnExitCodes;
};

export type ContainerRestartRuleOnExitCodes = {
  readonly "operator": "In" | "NotIn";
  readonly "values"?: readonly (number)[];
};

export type ContainerState = {
  readonly "running"?: ContainerStateRunning;
  readonly "terminated"?: ContainerStateTerminated;
  readonly "waiting"?: ContainerStateWaiting;
};

export type ContainerStateRunning = {
  readonly "startedAt"?: Time;
};

export type ContainerStateTerminated = {
  readonly "containerID"?: string;
  readonly "exitCode": number;
  readonly "finishedAt"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "signal"?: number;
  readonly "startedAt"?: Time;
};

export type ContainerStateWaiting = {
  readonly "message"?: string;
  readonly "reason"?: string;
};

export type ContainerStatus = {
  readonly "allocatedResources"?: Readonly<Record<string, Quantity>>;
  readonly "allocatedResourcesStatus"?: readonly (ResourceStatus)[];
  readonly "containerID"?: string;
  readonly "image": string;
  readonly "imageID": string;
  readonly "lastState"?: ContainerState;
  readonly "name": string;
  readonly "ready": boolean;
  readonly "resources"?: ResourceRequirements;
  readonly "restartCount": number;
  readonly "started"?: boolean;
  readonly "state"?: ContainerState;
  readonly "stopSignal"?: string;
  readonly "user"?: ContainerUser;
  readonly "volumeMounts"?: readonly (VolumeMountStatus)[];
};

export type ContainerUser = {
  readonly "linux"?: LinuxContainerUser;
};

export type DaemonEndpoint = {
  readonly "Port": number;
};

export type DownwardAPIProjection = {
  readonly "items"?: readonly (DownwardAPIVolumeFile)[];
};

export type DownwardAPIVolumeFile = {
  readonly "fieldRef"?: ObjectFieldSelector;
  readonly "mode"?: number;
  readonly "path": string;
  readonly "resourceFieldRef"?: ResourceFieldSelector;
};

export type DownwardAPIVolumeSource = {
  readonly "defaultMode"?: number;
  readonly "items"?: readonly (DownwardAPIVolumeFile)[];
};

export type EmptyDirVolumeSource = {
  readonly "medium"?: string;
  readonly "sizeLimit"?: Quantity;
};

export type EndpointAddress = {
  readonly "hostname"?: string;
  readonly "ip": string;
  readonly "nodeName"?: string;
  readonly "targetRef"?: ObjectReference;
};

export type EndpointPort = {
  readonly "appProtocol"?: string;
  readonly "name"?: string;
  readonly "port": number;
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
};

export type EndpointSubset = {
  readonly "addresses"?: readonly (EndpointAddress)[];
  readonly "notReadyAddresses"?: readonly (EndpointAddress)[];
  readonly "ports"?: readonly (EndpointPort)[];
};

export type Endpoints = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Endpoints`. */
  readonly "kind": "Endpoints";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
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

export type EnvFromSource = {
  readonly "configMapRef"?: ConfigMapEnvSource;
  readonly "prefix"?: string;
  readonly "secretRef"?: SecretEnvSource;
};

export type EnvVar = {
  readonly "name": string;
  readonly "value"?: string;
  readonly "valueFrom"?: EnvVarSource;
};

export type EnvVarSource = {
  readonly "configMapKeyRef"?: ConfigMapKeySelector;
  readonly "fieldRef"?: ObjectFieldSelector;
  readonly "fileKeyRef"?: FileKeySelector;
  readonly "resourceFieldRef"?: ResourceFieldSelector;
  readonly "secretKeyRef"?: SecretKeySelector;
};

export type EphemeralContainer = {
  readonly "args"?: readonly (string)[];
  readonly "command"?: readonly (string)[];
  readonly "env"?: readonly (EnvVar)[];
  readonly "envFrom"?: readonly (EnvFromSource)[];
  readonly "image"?: string;
  readonly "imagePullPolicy"?: "Always" | "IfNotPresent" | "Never";
  readonly "lifecycle"?: Lifecycle;
  readonly "livenessProbe"?: Probe;
  readonly "name": string;
  readonly "ports"?: readonly (ContainerPort)[];
  readonly "readinessProbe"?: Probe;
  readonly "resizePolicy"?: readonly (ContainerResizePolicy)[];
  readonly "resources"?: ResourceRequirements;
  readonly "restartPolicy"?: "Always" | "OnFailure" | "Never";
  readonly "restartPolicyRules"?: readonly (ContainerRestartRule)[];
  readonly "securityContext"?: SecurityContext;
  readonly "startupProbe"?: Probe;
  readonly "stdin"?: boolean;
  readonly "stdinOnce"?: boolean;
  readonly "targetContainerName"?: string;
  readonly "terminationMessagePath"?: string;
  readonly "terminationMessagePolicy"?: "File" | "FallbackToLogsOnError";
  readonly "tty"?: boolean;
  readonly "volumeDevices"?: readonly (VolumeDevice)[];
  readonly "volumeMounts"?: readonly (VolumeMount)[];
  readonly "workingDir"?: string;
};

export type EphemeralVolumeSource = {
  readonly "volumeClaimTemplate"?: PersistentVolumeClaimTemplate;
};

export type Event = {
  readonly "action"?: string;
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  readonly "count"?: number;
  readonly "eventTime"?: MicroTime;
  readonly "firstTimestamp"?: Time;
  readonly "involvedObject": ObjectReference;
  /** What the object is: `Event`. */
  readonly "kind": "Event";
  readonly "lastTimestamp"?: Time;
  readonly "message"?: string;
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "reason"?: string;
  readonly "related"?: ObjectReference;
  readonly "reportingComponent"?: string;
  readonly "reportingInstance"?: string;
  readonly "series"?: EventSeries;
  readonly "source"?: EventSource;
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

export type EventSeries = {
  readonly "count"?: number;
  readonly "lastObservedTime"?: MicroTime;
};

export type EventSource = {
  readonly "component"?: string;
  readonly "host"?: string;
};

export type ExecAction = {
  readonly "command"?: readonly (string)[];
};

export type FCVolumeSource = {
  readonly "fsType"?: string;
  readonly "lun"?: number;
  readonly "readOnly"?: boolean;
  readonly "targetWWNs"?: readonly (string)[];
  readonly "wwids"?: readonly (string)[];
};

export type FileKeySelector = {
  readonly "key": string;
  readonly "optional"?: boolean;
  readonly "path": string;
  readonly "volumeName": string;
};

export type FlexVolumeSource = {
  readonly "driver": string;
  readonly "fsType"?: string;
  readonly "options"?: Readonly<Record<string, string>>;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
};

export type FlockerVolumeSource = {
  readonly "datasetName"?: string;
  readonly "datasetUUID"?: string;
};

export type GCEPersistentDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "partition"?: number;
  readonly "pdName": string;
  readonly "readOnly"?: boolean;
};

export type GRPCAction = {
  readonly "port": number;
  readonly "service"?: string;
};

export type GitRepoVolumeSource = {
  readonly "directory"?: string;
  readonly "repository": string;
  readonly "revision"?: string;
};

export type GlusterfsVolumeSource = {
  readonly "endpoints": string;
  readonly "path": string;
  readonly "readOnly"?: boolean;
};

export type HTTPGetAction = {
  readonly "host"?: string;
  readonly "httpHeaders"?: readonly (HTTPHeader)[];
  readonly "path"?: string;
  readonly "port": IntOrString;
  readonly "scheme"?: "HTTP" | "HTTPS";
};

export type HTTPHeader = {
  readonly "name": string;
  readonly "value": string;
};

export type HostAlias = {
  readonly "hostnames"?: readonly (string)[];
  readonly "ip": string;
};

export type HostIP = {
  readonly "ip": string;
};

export type HostPathVolumeSource = {
  readonly "path": string;
  readonly "type"?: "" | "DirectoryOrCreate" | "Directory" | "FileOrCreate" | "File" | "Socket" | "CharDevice" | "BlockDevice";
};

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

export type ImageVolumeSource = {
  readonly "pullPolicy"?: "Always" | "IfNotPresent" | "Never";
  readonly "reference"?: string;
};

export type ImageVolumeStatus = {
  readonly "imageRef": string;
};

export type KeyToPath = {
  readonly "key": string;
  readonly "mode"?: number;
  readonly "path": string;
};

export type Lifecycle = {
  readonly "postStart"?: LifecycleHandler;
  readonly "preStop"?: LifecycleHandler;
  readonly "stopSignal"?: string;
};

export type LifecycleHandler = {
  readonly "exec"?: ExecAction;
  readonly "httpGet"?: HTTPGetAction;
  readonly "sleep"?: SleepAction;
  readonly "tcpSocket"?: TCPSocketAction;
};

export type LinuxContainerUser = {
  readonly "gid": number;
  readonly "supplementalGroups"?: readonly (number)[];
  readonly "uid": number;
};

export type LoadBalancerIngress = {
  readonly "hostname"?: string;
  readonly "ip"?: string;
  readonly "ipMode"?: string;
  readonly "ports"?: readonly (PortStatus)[];
};

export type LoadBalancerStatus = {
  readonly "ingress"?: readonly (LoadBalancerIngress)[];
};

export type LocalObjectReference = {
  readonly "name"?: string;
};

export type NFSVolumeSource = {
  readonly "path": string;
  readonly "readOnly"?: boolean;
  readonly "server": string;
};

export type Namespace = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Namespace`. */
  readonly "kind": "Namespace";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "spec"?: NamespaceSpec;
  readonly "status"?: NamespaceStatus;
};

export type NamespaceCondition = {
  readonly "lastTransitionTime"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "status": string;
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

export type NamespaceSpec = {
  readonly "finalizers"?: readonly (string)[];
};

export type NamespaceStatus = {
  readonly "conditions"?: readonly (NamespaceCondition)[];
  readonly "phase"?: string;
};

export type Node = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Node`. */
  readonly "kind": "Node";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "spec"?: NodeSpec;
  readonly "status"?: NodeStatus;
};

export type NodeAddress = {
  readonly "address": string;
  readonly "type": string;
};

export type NodeAffinity = {
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (PreferredSchedulingTerm)[];
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: NodeSelector;
};

export type NodeAllocatableResourceClaimStatus = {
  readonly "containers"?: readonly (string)[];
  readonly "resourceClaimName": string;
  readonly "resources": Readonly<Record<string, Quantity>>;
};

export type NodeCondition = {
  readonly "lastHeartbeatTime"?: Time;
  readonly "lastTransitionTime"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "status": string;
  readonly "type": string;
};

export type NodeConfigSource = {
  readonly "configMap"?: ConfigMapNodeConfigSource;
};

export type NodeConfigStatus = {
  readonly "active"?: NodeConfigSource;
  readonly "assigned"?: NodeConfigSource;
  readonly "error"?: string;
  readonly "lastKnownGood"?: NodeConfigSource;
};

export type NodeDaemonEndpoints = {
  readonly "kubeletEndpoint"?: DaemonEndpoint;
};

export type NodeFeatures = {
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

export type NodeRuntimeHandler = {
  readonly "features"?: NodeRuntimeHandlerFeatures;
  readonly "name"?: string;
};

export type NodeRuntimeHandlerFeatures = {
  readonly "recursiveReadOnlyMounts"?: boolean;
  readonly "userNamespaces"?: boolean;
};

export type NodeSelector = {
  readonly "nodeSelectorTerms": readonly (NodeSelectorTerm)[];
};

export type NodeSelectorRequirement = {
  readonly "key": string;
  readonly "operator": "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly "values"?: readonly (string)[];
};

export type NodeSelectorTerm = {
  readonly "matchExpressions"?: readonly (NodeSelectorRequirement)[];
  readonly "matchFields"?: readonly (NodeSelectorRequirement)[];
};

export type NodeSpec = {
  readonly "configSource"?: NodeConfigSource;
  readonly "externalID"?: string;
  readonly "podCIDR"?: string;
  readonly "podCIDRs"?: readonly (string)[];
  readonly "providerID"?: string;
  readonly "taints"?: readonly (Taint)[];
  readonly "unschedulable"?: boolean;
};

export type NodeStatus = {
  readonly "addresses"?: readonly (NodeAddress)[];
  readonly "allocatable"?: Readonly<Record<string, Quantity>>;
  readonly "capacity"?: Readonly<Record<string, Quantity>>;
  readonly "conditions"?: readonly (NodeCondition)[];
  readonly "config"?: NodeConfigStatus;
  readonly "daemonEndpoints"?: NodeDaemonEndpoints;
  readonly "declaredFeatures"?: readonly (string)[];
  readonly "features"?: NodeFeatures;
  readonly "images"?: readonly (ContainerImage)[];
  readonly "nodeInfo"?: NodeSystemInfo;
  readonly "phase"?: string;
  readonly "runtimeHandlers"?: readonly (NodeRuntimeHandler)[];
  readonly "volumesAttached"?: readonly (AttachedVolume)[];
  readonly "volumesInUse"?: readonly (string)[];
};

export type NodeSwapStatus = {
  readonly "capacity"?: number;
};

export type NodeSystemInfo = {
  readonly "architecture": string;
  readonly "bootID": string;
  readonly "containerRuntimeVersion": string;
  readonly "kernelVersion": string;
  readonly "kubeProxyVersion": string;
  readonly "kubeletVersion": string;
  readonly "machineID": string;
  readonly "operatingSystem": string;
  readonly "osImage": string;
  readonly "swap"?: NodeSwapStatus;
  readonly "systemUUID": string;
};

export type ObjectFieldSelector = {
  readonly "apiVersion"?: string;
  readonly "fieldPath": string;
};

export type ObjectReference = {
  readonly "apiVersion"?: string;
  readonly "fieldPath"?: string;
  readonly "kind"?: string;
  readonly "name"?: string;
  readonly "namespace"?: string;
  readonly "resourceVersion"?: string;
  readonly "uid"?: string;
};

export type PersistentVolumeClaimSpec = {
  readonly "accessModes"?: readonly (string)[];
  readonly "dataSource"?: TypedLocalObjectReference;
  readonly "dataSourceRef"?: TypedObjectReference;
  readonly "resources"?: VolumeResourceRequirements;
  readonly "selector"?: LabelSelector;
  readonly "storageClassName"?: string;
  readonly "volumeAttributesClassName"?: string;
  readonly "volumeMode"?: "Filesystem" | "Block";
  readonly "volumeName"?: string;
};

export type PersistentVolumeClaimTemplate = {
  readonly "metadata"?: ObjectMeta;
  readonly "spec": PersistentVolumeClaimSpec;
};

export type PersistentVolumeClaimVolumeSource = {
  readonly "claimName": string;
  readonly "readOnly"?: boolean;
};

export type PhotonPersistentDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "pdID": string;
};

export type Pod = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Pod`. */
  readonly "kind": "Pod";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "spec"?: PodSpec;
  readonly "status"?: PodStatus;
};

export type PodAffinity = {
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (WeightedPodAffinityTerm)[];
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: readonly (PodAffinityTerm)[];
};

export type PodAffinityTerm = {
  readonly "labelSelector"?: LabelSelector;
  readonly "matchLabelKeys"?: readonly (string)[];
  readonly "mismatchLabelKeys"?: readonly (string)[];
  readonly "namespaceSelector"?: LabelSelector;
  readonly "namespaces"?: readonly (string)[];
  readonly "topologyKey": string;
};

export type PodAntiAffinity = {
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (WeightedPodAffinityTerm)[];
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: readonly (PodAffinityTerm)[];
};

export type PodCertificateProjection = {
  readonly "certificateChainPath"?: string;
  readonly "credentialBundlePath"?: string;
  readonly "keyPath"?: string;
  readonly "keyType": string;
  readonly "maxExpirationSeconds"?: number;
  readonly "signerName": string;
  readonly "userAnnotations"?: Readonly<Record<string, string>>;
};

export type PodCondition = {
  readonly "lastProbeTime"?: Time;
  readonly "lastTransitionTime"?: Time;
  readonly "message"?: string;
  readonly "observedGeneration"?: number;
  readonly "reason"?: string;
  readonly "status": string;
  readonly "type": string;
};

export type PodDNSConfig = {
  readonly "nameservers"?: readonly (string)[];
  readonly "options"?: readonly (PodDNSConfigOption)[];
  readonly "searches"?: readonly (string)[];
};

export type PodDNSConfigOption = {
  readonly "name"?: string;
  readonly "value"?: string;
};

export type PodExtendedResourceClaimStatus = {
  readonly "requestMappings": readonly (ContainerExtendedResourceRequest)[];
  readonly "resourceClaimName": string;
};

export type PodIP = {
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

export type PodOS = {
  readonly "name": "linux" | "windows";
};

export type PodReadinessGate = {
  readonly "conditionType": string;
};

export type PodResourceClaim = {
  readonly "name": string;
  readonly "resourceClaimName"?: string;
  readonly "resourceClaimTemplateName"?: string;
};

export type PodResourceClaimStatus = {
  readonly "name": string;
  readonly "resourceClaimName"?: string;
};

export type PodSchedulingGate = {
  readonly "name": string;
};

export type PodSchedulingGroup = {
  readonly "podGroupName"?: string;
};

export type PodSecurityContext = {
  readonly "appArmorProfile"?: AppArmorProfile;
  readonly "fsGroup"?: number;
  readonly "fsGroupChangePolicy"?: "OnRootMismatch" | "Always";
  readonly "runAsGroup"?: number;
  readonly "runAsNonRoot"?: boolean;
  readonly "runAsUser"?: number;
  readonly "seLinuxChangePolicy"?: "MountOption" | "Recursive";
  readonly "seLinuxOptions"?: SELinuxOptions;
  readonly "seccompProfile"?: SeccompProfile;
  readonly "supplementalGroups"?: readonly (number)[];
  readonly "supplementalGroupsPolicy"?: "Merge" | "Strict";
  readonly "sysctls"?: readonly (Sysctl)[];
  readonly "windowsOptions"?: WindowsSecurityContextOptions;
};

export type PodSpec = {
  readonly "activeDeadlineSeconds"?: number;
  readonly "affinity"?: Affinity;
  readonly "automountServiceAccountToken"?: boolean;
  readonly "containers": readonly (Container)[];
  readonly "dnsConfig"?: PodDNSConfig;
  readonly "dnsPolicy"?: "ClusterFirst" | "ClusterFirstWithHostNet" | "Default" | "None";
  readonly "enableServiceLinks"?: boolean;
  readonly "ephemeralContainers"?: readonly (EphemeralContainer)[];
  readonly "hostAliases"?: readonly (HostAlias)[];
  readonly "hostIPC"?: boolean;
  readonly "hostNetwork"?: boolean;
  readonly "hostPID"?: boolean;
  readonly "hostUsers"?: boolean;
  readonly "hostname"?: string;
  readonly "hostnameOverride"?: string;
  readonly "imagePullSecrets"?: readonly (LocalObjectReference)[];
  readonly "initContainers"?: readonly (Container)[];
  readonly "nodeName"?: string;
  readonly "nodeSelector"?: Readonly<Record<string, string>>;
  readonly "os"?: PodOS;
  readonly "overhead"?: Readonly<Record<string, Quantity>>;
  readonly "preemptionPolicy"?: "PreemptLowerPriority" | "Never";
  readonly "priority"?: number;
  readonly "priorityClassName"?: string;
  readonly "readinessGates"?: readonly (PodReadinessGate)[];
  readonly "resourceClaims"?: readonly (PodResourceClaim)[];
  readonly "resources"?: ResourceRequirements;
  readonly "restartPolicy"?: "Always" | "OnFailure" | "Never";
  readonly "runtimeClassName"?: string;
  readonly "schedulerName"?: string;
  readonly "schedulingGates"?: readonly (PodSchedulingGate)[];
  readonly "schedulingGroup"?: PodSchedulingGroup;
  readonly "securityContext"?: PodSecurityContext;
  readonly "serviceAccount"?: string;
  readonly "serviceAccountName"?: string;
  readonly "setHostnameAsFQDN"?: boolean;
  readonly "shareProcessNamespace"?: boolean;
  readonly "subdomain"?: string;
  readonly "terminationGracePeriodSeconds"?: number;
  readonly "tolerations"?: readonly (Toleration)[];
  readonly "topologySpreadConstraints"?: readonly (TopologySpreadConstraint)[];
  readonly "volumes"?: readonly (Volume)[];
};

export type PodStatus = {
  readonly "allocatedResources"?: Readonly<Record<string, Quantity>>;
  readonly "conditions"?: readonly (PodCondition)[];
  readonly "containerStatuses"?: readonly (ContainerStatus)[];
  readonly "ephemeralContainerStatuses"?: readonly (ContainerStatus)[];
  readonly "extendedResourceClaimStatus"?: PodExtendedResourceClaimStatus;
  readonly "hostIP"?: string;
  readonly "hostIPs"?: readonly (HostIP)[];
  readonly "initContainerStatuses"?: readonly (ContainerStatus)[];
  readonly "message"?: string;
  readonly "nodeAllocatableResourceClaimStatuses"?: readonly (NodeAllocatableResourceClaimStatus)[];
  readonly "nominatedNodeName"?: string;
  readonly "observedGeneration"?: number;
  readonly "phase"?: string;
  readonly "podIP"?: string;
  readonly "podIPs"?: readonly (PodIP)[];
  readonly "qosClass"?: string;
  readonly "reason"?: string;
  readonly "resize"?: string;
  readonly "resourceClaimStatuses"?: readonly (PodResourceClaimStatus)[];
  readonly "resources"?: ResourceRequirements;
  readonly "startTime"?: Time;
};

export type PodTemplateSpec = {
  readonly "metadata"?: ObjectMeta;
  readonly "spec"?: PodSpec;
};

export type PortStatus = {
  readonly "error"?: string;
  readonly "port": number;
  readonly "protocol": string;
};

export type PortworxVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "volumeID": string;
};

export type PreferredSchedulingTerm = {
  readonly "preference": NodeSelectorTerm;
  readonly "weight": number;
};

export type Probe = {
  readonly "exec"?: ExecAction;
  readonly "failureThreshold"?: number;
  readonly "grpc"?: GRPCAction;
  readonly "httpGet"?: HTTPGetAction;
  readonly "initialDelaySeconds"?: number;
  readonly "periodSeconds"?: number;
  readonly "successThreshold"?: number;
  readonly "tcpSocket"?: TCPSocketAction;
  readonly "terminationGracePeriodSeconds"?: number;
  readonly "timeoutSeconds"?: number;
};

export type ProjectedVolumeSource = {
  readonly "defaultMode"?: number;
  readonly "sources"?: readonly (VolumeProjection)[];
};

export type QuobyteVolumeSource = {
  readonly "group"?: string;
  readonly "readOnly"?: boolean;
  readonly "registry": string;
  readonly "tenant"?: string;
  readonly "user"?: string;
  readonly "volume": string;
};

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

export type ResourceClaim = {
  readonly "name": string;
  readonly "request"?: string;
};

export type ResourceFieldSelector = {
  readonly "containerName"?: string;
  readonly "divisor"?: Quantity;
  readonly "resource": string;
};

export type ResourceHealth = {
  readonly "health"?: string;
  readonly "message"?: string;
  readonly "resourceID": string;
};

export type ResourceQuota = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `ResourceQuota`. */
  readonly "kind": "ResourceQuota";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "spec"?: ResourceQuotaSpec;
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

export type ResourceQuotaSpec = {
  readonly "hard"?: Readonly<Record<string, Quantity>>;
  readonly "scopeSelector"?: ScopeSelector;
  readonly "scopes"?: readonly ("Terminating" | "NotTerminating" | "BestEffort" | "NotBestEffort" | "PriorityClass" | "CrossNamespacePodAffinity" | "VolumeAttributesClass")[];
};

export type ResourceQuotaStatus = {
  readonly "hard"?: Readonly<Record<string, Quantity>>;
  readonly "used"?: Readonly<Record<string, Quantity>>;
};

export type ResourceRequirements = {
  readonly "claims"?: readonly (ResourceClaim)[];
  readonly "limits"?: Readonly<Record<string, Quantity>>;
  readonly "requests"?: Readonly<Record<string, Quantity>>;
};

export type ResourceStatus = {
  readonly "name": string;
  readonly "resources"?: readonly (ResourceHealth)[];
};

export type SELinuxOptions = {
  readonly "level"?: string;
  readonly "role"?: string;
  readonly "type"?: string;
  readonly "user"?: string;
};

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

export type ScopeSelector = {
  readonly "matchExpressions"?: readonly (ScopedResourceSelectorRequirement)[];
};

export type ScopedResourceSelectorRequirement = {
  readonly "operator": "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly "scopeName": "Terminating" | "NotTerminating" | "BestEffort" | "NotBestEffort" | "PriorityClass" | "CrossNamespacePodAffinity" | "VolumeAttributesClass";
  readonly "values"?: readonly (string)[];
};

export type SeccompProfile = {
  readonly "localhostProfile"?: string;
  readonly "type": "RuntimeDefault" | "Localhost" | "Unconfined";
};

export type Secret = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  readonly "data"?: Readonly<Record<string, string>>;
  readonly "immutable"?: boolean;
  /** What the object is: `Secret`. */
  readonly "kind": "Secret";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "stringData"?: Readonly<Record<string, string>>;
  readonly "type"?: string;
};

export type SecretEnvSource = {
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type SecretKeySelector = {
  readonly "key": string;
  readonly "name"?: string;
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

export type SecretProjection = {
  readonly "items"?: readonly (KeyToPath)[];
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type SecretVolumeSource = {
  readonly "defaultMode"?: number;
  readonly "items"?: readonly (KeyToPath)[];
  readonly "optional"?: boolean;
  readonly "secretName"?: string;
};

export type SecurityContext = {
  readonly "allowPrivilegeEscalation"?: boolean;
  readonly "appArmorProfile"?: AppArmorProfile;
  readonly "capabilities"?: Capabilities;
  readonly "privileged"?: boolean;
  readonly "procMount"?: "Default" | "Unmasked";
  readonly "readOnlyRootFilesystem"?: boolean;
  readonly "runAsGroup"?: number;
  readonly "runAsNonRoot"?: boolean;
  readonly "runAsUser"?: number;
  readonly "seLinuxOptions"?: SELinuxOptions;
  readonly "seccompProfile"?: SeccompProfile;
  readonly "windowsOptions"?: WindowsSecurityContextOptions;
};

export type Service = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  /** What the object is: `Service`. */
  readonly "kind": "Service";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "spec"?: ServiceSpec;
  readonly "status"?: ServiceStatus;
};

export type ServiceAccount = {
  /** Group and version of this form of the object: `v1`. */
  readonly "apiVersion": "v1";
  readonly "automountServiceAccountToken"?: boolean;
  readonly "imagePullSecrets"?: readonly (LocalObjectReference)[];
  /** What the object is: `ServiceAccount`. */
  readonly "kind": "ServiceAccount";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
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

export type ServiceAccountTokenProjection = {
  readonly "audience"?: string;
  readonly "expirationSeconds"?: number;
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

export type ServicePort = {
  readonly "appProtocol"?: string;
  readonly "name"?: string;
  readonly "nodePort"?: number;
  readonly "port": number;
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
  readonly "targetPort"?: IntOrString;
};

export type ServiceSpec = {
  readonly "allocateLoadBalancerNodePorts"?: boolean;
  readonly "clusterIP"?: string;
  readonly "clusterIPs"?: readonly (string)[];
  readonly "externalIPs"?: readonly (string)[];
  readonly "externalName"?: string;
  readonly "externalTrafficPolicy"?: "Cluster" | "Local";
  readonly "healthCheckNodePort"?: number;
  readonly "internalTrafficPolicy"?: "Cluster" | "Local";
  readonly "ipFamilies"?: readonly ("IPv4" | "IPv6")[];
  readonly "ipFamilyPolicy"?: "SingleStack" | "PreferDualStack" | "RequireDualStack";
  readonly "loadBalancerClass"?: string;
  readonly "loadBalancerIP"?: string;
  readonly "loadBalancerSourceRanges"?: readonly (string)[];
  readonly "ports"?: readonly (ServicePort)[];
  readonly "publishNotReadyAddresses"?: boolean;
  readonly "selector"?: Readonly<Record<string, string>>;
  readonly "sessionAffinity"?: "None" | "ClientIP";
  readonly "sessionAffinityConfig"?: SessionAffinityConfig;
  readonly "trafficDistribution"?: string;
  readonly "type"?: "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";
};

export type ServiceStatus = {
  readonly "conditions"?: readonly (Condition)[];
  readonly "loadBalancer"?: LoadBalancerStatus;
};

export type SessionAffinityConfig = {
  readonly "clientIP"?: ClientIPConfig;
};

export type SleepAction = {
  readonly "seconds": number;
};

export type StorageOSVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "volumeName"?: string;
  readonly "volumeNamespace"?: string;
};

export type Sysctl = {
  readonly "name": string;
  readonly "value": string;
};

export type TCPSocketAction = {
  readonly "host"?: string;
  readonly "port": IntOrString;
};

export type Taint = {
  readonly "effect": "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly "key": string;
  readonly "timeAdded"?: Time;
  readonly "value"?: string;
};

export type Toleration = {
  readonly "effect"?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly "key"?: string;
  readonly "operator"?: "Exists" | "Equal" | "Lt" | "Gt";
  readonly "tolerationSeconds"?: number;
  readonly "value"?: string;
};

export type TopologySpreadConstraint = {
  readonly "labelSelector"?: LabelSelector;
  readonly "matchLabelKeys"?: readonly (string)[];
  readonly "maxSkew": number;
  readonly "minDomains"?: number;
  readonly "nodeAffinityPolicy"?: "Honor" | "Ignore";
  readonly "nodeTaintsPolicy"?: "Honor" | "Ignore";
  readonly "topologyKey": string;
  readonly "whenUnsatisfiable": "DoNotSchedule" | "ScheduleAnyway";
};

export type TypedLocalObjectReference = {
  readonly "apiGroup"?: string;
  readonly "kind": string;
  readonly "name": string;
};

export type TypedObjectReference = {
  readonly "apiGroup"?: string;
  readonly "kind": string;
  readonly "name": string;
  readonly "namespace"?: string;
};

export type Volume = {
  readonly "awsElasticBlockStore"?: AWSElasticBlockStoreVolumeSource;
  readonly "azureDisk"?: AzureDiskVolumeSource;
  readonly "azureFile"?: AzureFileVolumeSource;
  readonly "cephfs"?: CephFSVolumeSource;
  readonly "cinder"?: CinderVolumeSource;
  readonly "configMap"?: ConfigMapVolumeSource;
  readonly "csi"?: CSIVolumeSource;
  readonly "downwardAPI"?: DownwardAPIVolumeSource;
  readonly "emptyDir"?: EmptyDirVolumeSource;
  readonly "ephemeral"?: EphemeralVolumeSource;
  readonly "fc"?: FCVolumeSource;
  readonly "flexVolume"?: FlexVolumeSource;
  readonly "flocker"?: FlockerVolumeSource;
  readonly "gcePersistentDisk"?: GCEPersistentDiskVolumeSource;
  readonly "gitRepo"?: GitRepoVolumeSource;
  readonly "glusterfs"?: GlusterfsVolumeSource;
  readonly "hostPath"?: HostPathVolumeSource;
  readonly "image"?: ImageVolumeSource;
  readonly "iscsi"?: ISCSIVolumeSource;
  readonly "name": string;
  readonly "nfs"?: NFSVolumeSource;
  readonly "persistentVolumeClaim"?: PersistentVolumeClaimVolumeSource;
  readonly "photonPersistentDisk"?: PhotonPersistentDiskVolumeSource;
  readonly "portworxVolume"?: PortworxVolumeSource;
  readonly "projected"?: ProjectedVolumeSource;
  readonly "quobyte"?: QuobyteVolumeSource;
  readonly "rbd"?: RBDVolumeSource;
  readonly "scaleIO"?: ScaleIOVolumeSource;
  readonly "secret"?: SecretVolumeSource;
  readonly "storageos"?: StorageOSVolumeSource;
  readonly "vsphereVolume"?: VsphereVirtualDiskVolumeSource;
};

export type VolumeDevice = {
  readonly "devicePath": string;
  readonly "name": string;
};

export type VolumeMount = {
  readonly "mountPath": string;
  readonly "mountPropagation"?: "None" | "HostToContainer" | "Bidirectional";
  readonly "name": string;
  readonly "readOnly"?: boolean;
  readonly "recursiveReadOnly"?: "Disabled" | "IfPossible" | "Enabled";
  readonly "subPath"?: string;
  readonly "subPathExpr"?: string;
};

export type VolumeMountStatus = {
  readonly "mountPath": string;
  readonly "name": string;
  readonly "readOnly"?: boolean;
  readonly "recursiveReadOnly"?: string;
  readonly "volumeStatus"?: VolumeStatus;
};

export type VolumeProjection = {
  readonly "clusterTrustBundle"?: ClusterTrustBundleProjection;
  readonly "configMap"?: ConfigMapProjection;
  readonly "downwardAPI"?: DownwardAPIProjection;
  readonly "podCertificate"?: PodCertificateProjection;
  readonly "secret"?: SecretProjection;
  readonly "serviceAccountToken"?: ServiceAccountTokenProjection;
};

export type VolumeResourceRequirements = {
  readonly "limits"?: Readonly<Record<string, Quantity>>;
  readonly "requests"?: Readonly<Record<string, Quantity>>;
};

export type VolumeStatus = {
  readonly "image"?: ImageVolumeStatus;
};

export type VsphereVirtualDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "storagePolicyID"?: string;
  readonly "storagePolicyName"?: string;
  readonly "volumePath": string;
};

export type WeightedPodAffinityTerm = {
  readonly "podAffinityTerm": PodAffinityTerm;
  readonly "weight": number;
};

export type WindowsSecurityContextOptions = {
  readonly "gmsaCredentialSpec"?: string;
  readonly "gmsaCredentialSpecName"?: string;
  readonly "hostProcess"?: boolean;
  readonly "runAsUserName"?: string;
};

export type Endpoint = {
  readonly "addresses": readonly (string)[];
  readonly "conditions"?: EndpointConditions;
  readonly "deprecatedTopology"?: Readonly<Record<string, string>>;
  readonly "hints"?: EndpointHints;
  readonly "hostname"?: string;
  readonly "nodeName"?: string;
  readonly "targetRef"?: ObjectReference;
  readonly "zone"?: string;
};

export type EndpointConditions = {
  readonly "ready"?: boolean;
  readonly "serving"?: boolean;
  readonly "terminating"?: boolean;
};

export type EndpointHints = {
  readonly "forNodes"?: readonly (ForNode)[];
  readonly "forZones"?: readonly (ForZone)[];
};

export type DiscoveryEndpointPort = {
  readonly "appProtocol"?: string;
  readonly "name"?: string;
  readonly "port"?: number;
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
};

export type EndpointSlice = {
  readonly "addressType": "IPv4" | "IPv6" | "FQDN";
  /** Group and version of this form of the object: `discovery.k8s.io/v1`. */
  readonly "apiVersion": "discovery.k8s.io/v1";
  readonly "endpoints"?: readonly (Endpoint)[];
  /** What the object is: `EndpointSlice`. */
  readonly "kind": "EndpointSlice";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
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

export type ForNode = {
  readonly "name": string;
};

export type ForZone = {
  readonly "name": string;
};

export type EventsEvent = {
  readonly "action"?: string;
  /** Group and version of this form of the object: `events.k8s.io/v1`. */
  readonly "apiVersion": "events.k8s.io/v1";
  readonly "deprecatedCount"?: number;
  readonly "deprecatedFirstTimestamp"?: Time;
  readonly "deprecatedLastTimestamp"?: Time;
  readonly "deprecatedSource"?: EventSource;
  readonly "eventTime": MicroTime;
  /** What the object is: `Event`. */
  readonly "kind": "Event";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "note"?: string;
  readonly "reason"?: string;
  readonly "regarding"?: ObjectReference;
  readonly "related"?: ObjectReference;
  readonly "reportingController"?: string;
  readonly "reportingInstance"?: string;
  readonly "series"?: EventsEventSeries;
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

export type EventsEventSeries = {
  readonly "count": number;
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

export type PriorityClass = {
  /** Group and version of this form of the object: `scheduling.k8s.io/v1`. */
  readonly "apiVersion": "scheduling.k8s.io/v1";
  readonly "description"?: string;
  readonly "globalDefault"?: boolean;
  /** What the object is: `PriorityClass`. */
  readonly "kind": "PriorityClass";
  /** Name, namespace, labels, annotations and what the cluster notes about the object. */
  readonly "metadata": ObjectMeta;
  readonly "preemptionPolicy"?: "PreemptLowerPriority" | "Never";
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

export type Quantity = string;

export type APIGroup = {
  readonly "apiVersion": "v1";
  readonly "kind": "APIGroup";
  readonly "name": string;
  readonly "preferredVersion"?: GroupVersionForDiscovery;
  readonly "serverAddressByClientCIDRs"?: readonly (ServerAddressByClientCIDR)[];
  readonly "versions": readonly (GroupVersionForDiscovery)[];
};

export type APIGroupList = {
  readonly "apiVersion": "v1";
  readonly "groups": readonly (APIGroup)[];
  readonly "kind": "APIGroupList";
};

export type APIResource = {
  readonly "categories"?: readonly (string)[];
  readonly "group"?: string;
  readonly "kind": string;
  readonly "name": string;
  readonly "namespaced": boolean;
  readonly "shortNames"?: readonly (string)[];
  readonly "singularName": string;
  readonly "storageVersionHash"?: string;
  readonly "verbs": readonly (string)[];
  readonly "version"?: string;
};

export type APIResourceList = {
  readonly "apiVersion": "v1";
  readonly "groupVersion": string;
  readonly "kind": "APIResourceList";
  readonly "resources": readonly (APIResource)[];
};

export type APIVersions = {
  readonly "apiVersion": "v1";
  readonly "kind": "APIVersions";
  readonly "serverAddressByClientCIDRs": readonly (ServerAddressByClientCIDR)[];
  readonly "versions": readonly (string)[];
};

export type Condition = {
  readonly "lastTransitionTime": Time;
  readonly "message": string;
  readonly "observedGeneration"?: number;
  readonly "reason": string;
  readonly "status": string;
  readonly "type": string;
};

export type DeleteOptions = {
  readonly "apiVersion": "v1";
  readonly "dryRun"?: readonly ("All")[];
  readonly "gracePeriodSeconds"?: number;
  readonly "ignoreStoreReadErrorWithClusterBreakingPotential"?: boolean;
  readonly "kind": "DeleteOptions";
  readonly "orphanDependents"?: boolean;
  readonly "preconditions"?: Preconditions;
  readonly "propagationPolicy"?: "Orphan" | "Background" | "Foreground";
};

export type FieldsV1 = Record<string, unknown>;

export type GroupVersionForDiscovery = {
  readonly "groupVersion": string;
  readonly "version": string;
};

export type LabelSelector = {
  readonly "matchExpressions"?: readonly (LabelSelectorRequirement)[];
  readonly "matchLabels"?: Readonly<Record<string, string>>;
};

export type LabelSelectorRequirement = {
  readonly "key": string;
  readonly "operator": "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly "values"?: readonly (string)[];
};

export type ListMeta = {
  readonly "continue"?: string;
  readonly "remainingItemCount"?: number;
  readonly "resourceVersion"?: string;
  readonly "selfLink"?: string;
  readonly "shardInfo"?: ShardInfo;
};

export type MicroTime = string;

export type Preconditions = {
  readonly "resourceVersion"?: string;
  readonly "uid"?: string;
};

export type ServerAddressByClientCIDR = {
  readonly "clientCIDR": string;
  readonly "serverAddress": string;
};

export type ShardInfo = {
  readonly "selector": string;
};

export type StatusCause = {
  readonly "field"?: string;
  readonly "message"?: string;
  readonly "reason"?: string;
};

export type StatusDetails = {
  readonly "causes"?: readonly (StatusCause)[];
  readonly "group"?: string;
  readonly "kind"?: string;
  readonly "name"?: string;
  readonly "retryAfterSeconds"?: number;
  readonly "uid"?: string;
};

export type Time = string;

export type WatchEvent = {
  readonly "object": RawExtension;
  readonly "type": string;
};

export type RawExtension = Record<string, unknown>;

export type IntOrString = number | string;
