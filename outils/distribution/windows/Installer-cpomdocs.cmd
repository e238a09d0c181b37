@echo off
rem Installe cpomdocs pour la personne connectee : ni droits d'administrateur, ni reseau.
setlocal EnableExtensions
chcp 65001 >nul
title Installation de cpomdocs
set "ICI=%~dp0"
set "OU=%LOCALAPPDATA%\cpomdocs"
set "ENV=%OU%\env"
set "PYTHON="

for %%V in (3.13 3.12 3.11) do if not defined PYTHON call :essayer py -%%V
if not defined PYTHON call :essayer python
if not defined PYTHON call :essayer python3
if not defined PYTHON goto :sans_python

echo Installation dans "%OU%"...
if not exist "%OU%" mkdir "%OU%" || goto :refus
%PYTHON% -m venv --clear "%ENV%" || goto :refus
"%ENV%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%ICI%roues" "cpomdocs[recalcul,graphiques]" || goto :refus
copy /y "%ICI%lanceurs\*.cmd" "%OU%\" >nul || goto :refus
copy /y "%ICI%Desinstaller-cpomdocs.cmd" "%OU%\" >nul || goto :refus
powershell -NoProfile -ExecutionPolicy Bypass -File "%ICI%lanceurs\raccourcis.ps1" -Ou "%OU%" || goto :sans_raccourci
"%ENV%\Scripts\cpomdocs.exe" --version || goto :refus
echo.
echo cpomdocs est installe. Les raccourcis sont sur le bureau et dans le menu Demarrer.
goto :fin

:essayer
%* -c "import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else 1)" >nul 2>&1
if not errorlevel 1 set "PYTHON=%*"
exit /b 0

:sans_python
echo Il manque Python 3.11, 3.12 ou 3.13 : ouvrir le Microsoft Store, chercher "Python 3.12", cliquer sur
echo "Obtenir", puis relancer cette installation.
goto :echec

:sans_raccourci
echo cpomdocs est installe, mais les raccourcis n'ont pas pu etre crees.
echo Ouvrir "%OU%" et double-cliquer sur les fichiers qui s'y trouvent.
goto :fin

:refus
echo L'installation s'est arretee : verifier la place libre, et que l'antivirus laisse ecrire dans
echo "%OU%".

:echec
pause
exit /b 1

:fin
pause
exit /b 0
