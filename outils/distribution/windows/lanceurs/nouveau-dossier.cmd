@echo off
rem Cree un dossier CPOM dans "Documents", ou a l'endroit donne.
setlocal EnableExtensions
chcp 65001 >nul
set "CPOMDOCS=%LOCALAPPDATA%\cpomdocs\env\Scripts\cpomdocs.exe"
set "NOM="
set /p "NOM=Nom du nouveau dossier CPOM : "
if not defined NOM exit /b 0
set "CPOM=%USERPROFILE%\Documents\%NOM%"
"%CPOMDOCS%" nouveau "%CPOM%"
if errorlevel 1 pause & exit /b 1
start "" "%CPOM%"
exit /b 0
