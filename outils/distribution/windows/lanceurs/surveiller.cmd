@echo off
rem Surveille le dossier du classeur depose sur ce raccourci, ou celui que l'on donne.
setlocal EnableExtensions
chcp 65001 >nul
set "CPOMDOCS=%LOCALAPPDATA%\cpomdocs\env\Scripts\cpomdocs.exe"
call :dossier %1
if not defined CPOM exit /b 0
"%CPOMDOCS%" veiller "%CPOM%"
pause
exit /b 0

:dossier
set "CPOM=%~1"
if not defined CPOM set /p "CPOM=Dossier a surveiller (le glisser ici, puis Entree) : "
if not defined CPOM exit /b 0
set "CPOM=%CPOM:"=%"
if exist "%CPOM%\" exit /b 0
for %%F in ("%CPOM%") do set "CPOM=%%~dpF."
exit /b 0
