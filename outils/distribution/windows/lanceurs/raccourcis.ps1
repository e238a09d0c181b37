param([Parameter(Mandatory = $true)][string]$Ou)
$ErrorActionPreference = 'Stop'
$bureau = [Environment]::GetFolderPath('Desktop')
$menu = Join-Path ([Environment]::GetFolderPath('Programs')) 'cpomdocs'
New-Item -ItemType Directory -Force -Path $menu | Out-Null
$coquille = New-Object -ComObject WScript.Shell
$raccourcis = [ordered]@{
    'Nouveau dossier CPOM'    = 'nouveau-dossier.cmd'
    'Surveiller mon dossier'  = 'surveiller.cmd'
    'Produire mes documents'  = 'generer.cmd'
    'Rassembler les reponses' = 'rassembler.cmd'
    'Tester mon installation' = 'tester.cmd'
}
foreach ($nom in $raccourcis.Keys) {
    foreach ($place in @($bureau, $menu)) {
        $lien = $coquille.CreateShortcut((Join-Path $place "cpomdocs - $nom.lnk"))
        $lien.TargetPath = Join-Path $Ou $raccourcis[$nom]
        $lien.WorkingDirectory = [Environment]::GetFolderPath('MyDocuments')
        $lien.Save()
    }
}
$retrait = $coquille.CreateShortcut((Join-Path $menu 'Desinstaller cpomdocs.lnk'))
$retrait.TargetPath = Join-Path $Ou 'Desinstaller-cpomdocs.cmd'
$retrait.Save()
