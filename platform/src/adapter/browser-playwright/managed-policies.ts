/**
 * What Chromium itself refuses, whatever a page or its developer tools ask for: it reads this before anything else and nothing inside of
 * it can change it. `RemoteDebuggingAllowed` stays: the platform speaks to it by pipe, and no port is open.
 */
const policies = {
  URLBlocklist: [
    'file://*',
    'chrome://*',
    'chrome-untrusted://*',
    'chrome-search://*',
    'chrome-extension://*',
    'devtools://*',
    'view-source:*',
    'javascript://*',
    'filesystem://*',
    'ftp://*',
    'externalfile://*',
  ],
  ExtensionInstallBlocklist: ['*'],
  ExtensionAllowedTypes: [],
  BlockExternalExtensions: true,
  BrowserSignin: 0,
  SyncDisabled: true,
  BrowserGuestModeEnabled: false,
  BrowserAddPersonEnabled: false,
  PasswordManagerEnabled: false,
  AutofillAddressEnabled: false,
  AutofillCreditCardEnabled: false,
  PaymentMethodQueryEnabled: false,
  PromptForDownloadLocation: false,
  WebRtcIPHandling: 'disable_non_proxied_udp',
  QuicAllowed: false,
  DnsOverHttpsMode: 'off',
  NetworkPredictionOptions: 2,
  DefaultGeolocationSetting: 2,
  DefaultNotificationsSetting: 2,
  DefaultWebUsbGuardSetting: 2,
  DefaultWebBluetoothGuardSetting: 2,
  DefaultWebHidGuardSetting: 2,
  DefaultSerialGuardSetting: 2,
  DefaultSensorsSetting: 2,
  DefaultLocalFontsSetting: 2,
  DefaultFileSystemReadGuardSetting: 2,
  DefaultFileSystemWriteGuardSetting: 2,
  VideoCaptureAllowed: false,
  AudioCaptureAllowed: false,
  ScreenCaptureAllowed: false,
  PrintingEnabled: false,
  BackgroundModeEnabled: false,
  MetricsReportingEnabled: false,
  SafeBrowsingProtectionLevel: 0,
  SearchSuggestEnabled: false,
  SpellCheckServiceEnabled: false,
  TranslateEnabled: false,
  ComponentUpdatesEnabled: false,
  DefaultBrowserSettingEnabled: false,
};

/** The policies as Chromium reads them; files are downloaded into this folder only. */
export function managedPolicies(downloads: string): string {
  return JSON.stringify({ ...policies, DownloadDirectory: downloads });
}
