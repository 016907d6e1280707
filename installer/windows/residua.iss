; Inno Setup 6.3 or later. Makes residua-VERSION-windows-x86_64-setup.exe of the frozen folder:
;
;   python installer\build.py --out dist
;   python installer\windows\prepare.py --program dist\residua
;   iscc installer\windows\residua.iss
;
; Silent:      setup.exe /VERYSILENT /SUPPRESSMSGBOXES /NORESTART /ALLUSERS     (per machine)
;              setup.exe /VERYSILENT /SUPPRESSMSGBOXES /NORESTART /CURRENTUSER  (per user)
;              /DIR="D:\Residua" chooses the place, /LOG="file" writes a log,
;              /TASKS="associate" or /TASKS="" says whether case files open with it.
; Removed:     unins000.exe /VERYSILENT   keeps settings and every case.
;
; Nothing is downloaded. Cases are the person's documents: no step of this file deletes one.

#include "version.iss"

#define Name "Residua"
#define Root "..\.."

[Setup]
AppId={{6C1E0B52-7B0E-4F3A-9D0C-52534455A001}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher=The Residua project
VersionInfoVersion={#Version}
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile={#Root}\LICENSE
SetupIconFile=residua.ico
UninstallDisplayIcon={app}\Residua-window.exe
OutputDir={#Root}\dist\release
OutputBaseFilename=residua-{#Version}-windows-x86_64-setup
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
CloseApplications=yes
DisableProgramGroupPage=yes
UsedUserAreasWarning=no

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"
Name: "fr"; MessagesFile: "compiler:Languages\French.isl"

[CustomMessages]
en.Associate=Open case files (.residua) with {#Name}
de.Associate=Falldateien (.residua) mit {#Name} öffnen
fr.Associate=Ouvrir les dossiers (.residua) avec {#Name}
en.Desktop=Put an icon on the desktop
de.Desktop=Ein Symbol auf den Desktop legen
fr.Desktop=Placer une icône sur le bureau
en.CaseFile=Residua case
de.CaseFile=Residua-Fall
fr.CaseFile=Dossier Residua
en.KeepSettings=Your cases and reports are documents of yours and stay where they are.%n%nShall settings, log, thumbnails and imported models in%n%1%nstay as well?
de.KeepSettings=Ihre Fälle und Berichte sind Ihre Dokumente und bleiben, wo sie sind.%n%nSollen auch Einstellungen, Protokoll, Vorschaubilder und importierte Modelle in%n%1%nbleiben?
fr.KeepSettings=Vos dossiers et rapports sont vos documents et restent où ils sont.%n%nFaut-il aussi conserver les réglages, le journal, les vignettes et les modèles importés dans%n%1 ?
en.CaseInside=There are case files in%n%1%nso that folder is kept whole.
de.CaseInside=In%n%1%nliegen Falldateien, deshalb bleibt dieser Ordner ganz erhalten.
fr.CaseInside=Des dossiers se trouvent dans%n%1%net ce répertoire est donc conservé en entier.

[Tasks]
Name: "associate"; Description: "{cm:Associate}"
Name: "desktop"; Description: "{cm:Desktop}"; Flags: unchecked

[Files]
Source: "{#Root}\dist\residua\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#Root}\docs\journalist.md"; DestDir: "{app}\docs"; Flags: ignoreversion
Source: "{#Root}\docs\examiner.md"; DestDir: "{app}\docs"; Flags: ignoreversion
Source: "{#Root}\docs\administrator.md"; DestDir: "{app}\docs"; Flags: ignoreversion
Source: "{#Root}\docs\methods.md"; DestDir: "{app}\docs"; Flags: ignoreversion

[InstallDelete]
; Files of an earlier version that the new one lacks would otherwise be imported by it.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\Residua-window.exe"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\Residua-window.exe"; Tasks: desktop

[Registry]
Root: HKA; Subkey: "Software\Classes\.residua"; ValueType: string; ValueData: "Residua.Case"; Flags: uninsdeletevalue; Tasks: associate
Root: HKA; Subkey: "Software\Classes\.residua\OpenWithProgids"; ValueType: string; ValueName: "Residua.Case"; ValueData: ""; Flags: uninsdeletevalue; Tasks: associate
Root: HKA; Subkey: "Software\Classes\Residua.Case"; ValueType: string; ValueData: "{cm:CaseFile}"; Flags: uninsdeletekey; Tasks: associate
Root: HKA; Subkey: "Software\Classes\Residua.Case\DefaultIcon"; ValueType: string; ValueData: "{app}\Residua-window.exe,0"; Tasks: associate
Root: HKA; Subkey: "Software\Classes\Residua.Case\shell\open\command"; ValueType: string; ValueData: """{app}\Residua-window.exe"" ""%1"""; Tasks: associate

[Run]
Filename: "{app}\residua.exe"; Parameters: "--version"; Flags: runhidden

[Code]
function DataFolder: String;
begin
  Result := ExpandConstant('{localappdata}\residua');
end;

function HoldsCase(const Folder: String): Boolean;
var
  Found: TFindRec;
begin
  Result := False;
  if not FindFirst(Folder + '\*', Found) then
    exit;
  try
    repeat
      if (Found.Name <> '.') and (Found.Name <> '..') then
      begin
        if Found.Attributes and FILE_ATTRIBUTE_DIRECTORY <> 0 then
          Result := HoldsCase(Folder + '\' + Found.Name)
        else
          Result := CompareText(ExtractFileExt(Found.Name), '.residua') = 0;
      end;
    until Result or not FindNext(Found);
  finally
    FindClose(Found);
  end;
end;

{ Asks about settings, once; a silent removal keeps them. A folder with a case in it is never touched. }
procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if (Step <> usPostUninstall) or UninstallSilent or not DirExists(DataFolder) then
    exit;
  if HoldsCase(DataFolder) then
    MsgBox(FmtMessage(CustomMessage('CaseInside'), [DataFolder]), mbInformation, MB_OK)
  else if MsgBox(FmtMessage(CustomMessage('KeepSettings'), [DataFolder]), mbConfirmation, MB_YESNO) = IDNO then
    DelTree(DataFolder, True, True, True);
end;
